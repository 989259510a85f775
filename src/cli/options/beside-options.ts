/** Options that ask for something beside the rows of a sweep: logit lens, attention, continuations, controls. */
import { UNRELATED_PROMPT } from "../../shared/experiment/controls.ts";
import { MOST_CONTINUATION_TOKENS } from "../../shared/experiment/limits.ts";
import type { Section, Values } from "./option.ts";
import { flag, option, usageError } from "./option.ts";
import { whole } from "./values.ts";

/** What is shown to people and stands in JSON, and has no place in CSV. */
export const BESIDE = {
  title: "Beside the rows (for people and in JSON; not in CSV)",
  fields: {
    lens: flag({
      name: "lens",
      help: "logit lens of the unpatched last token before each layer, and after the last",
    }),
    attention: flag({
      name: "attention",
      help: "attention of the unpatched last token to each token, layer by layer, mean over heads, where the file gives it",
    }),
    continuation: option({
      name: "continue",
      value: "N",
      help: "N tokens generated after each patched prompt, and after the unpatched one",
      read: whole(1, MOST_CONTINUATION_TOKENS),
    }),
    controls: flag({
      name: "controls",
      help: "identity, norm-matched random (5 seeds), for a swap an unrelated source",
    }),
    unrelated: option({
      name: "unrelated",
      value: "TEXT",
      help: `the unrelated source of --controls: its last token; default ${JSON.stringify(UNRELATED_PROMPT)}`,
      read: (text, { command }) => {
        if (text === "") throw usageError("--unrelated is empty.", command);
        return text;
      },
      absent: UNRELATED_PROMPT,
      needs: "controls",
      takenBy: ({ source }) => source,
    }),
  },
} satisfies Section;

/** What was asked for. */
export type BesideOptions = Values<typeof BESIDE.fields>;
