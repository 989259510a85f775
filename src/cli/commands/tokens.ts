/** `state-swap tokens`: how a text is tokenised. */
import { TOKENS_SCHEMA } from "../../shared/experiment/result.ts";
import type { Tokenization } from "../../shared/prompt/tokens.ts";
import type { OptionsOf } from "../options/commands.ts";
import type { Messages } from "../messages.ts";
import { csvText } from "../../shared/text/csv.ts";
import { withModel } from "../engine.ts";
import { jsonText } from "../../shared/text/json-text.ts";
import { writeText } from "../output.ts";
import { promptNotes } from "../../shared/experiment/notes.ts";
import { sayNotes } from "../notes.ts";
import { readyPrompt } from "../prompts.ts";
import type { Style } from "../style.ts";
import { styleFor } from "../style.ts";
import { displayWidth, fitLeft, fitRight, shownText } from "../../shared/text/text-width.ts";

/** Runs the command; its result goes where the options say. */
export async function tokensCommand(options: OptionsOf<"tokens">, messages: Messages): Promise<void> {
  const { target, bos, output } = options;
  await withModel(options, messages, async (model) => {
    const { prompt, tokenization } = await readyPrompt(model, target, "target", bos, messages);
    sayNotes(promptNotes("target", prompt), messages);
    const { ids, tokens } = tokenization;
    if (output.format === "json") {
      writeText(jsonText({ schema: TOKENS_SCHEMA, ids, tokens }), output.file);
    } else if (output.format === "csv") {
      const header = ["index", "id", "text", "start", "end", "special"];
      const lines = tokens.map((token) => [
        ...[token.index, token.id, token.text, token.start, token.end, String(token.special)],
      ]);
      writeText(csvText(header, lines), output.file);
    } else {
      writeText(tokensTable(tokenization, styleFor(process.stdout, process.env)), null);
    }
    if (tokenization.approximate) {
      messages.note("The tokenizer rewrites this text: the character ranges are the best match, not exact.");
    }
  });
}

/** A line for each token: index, id, text with blanks visible, range in UTF-16 units, whether it is special. */
function tokensTable({ tokens, bos }: Tokenization, style: Style): string {
  const texts = tokens.map((token) => shownText(token.text));
  const indexWidth = Math.max(5, String(tokens.length).length);
  const idWidth = Math.max(2, ...tokens.map((token) => String(token.id).length));
  const textWidth = Math.max(4, ...texts.map(displayWidth));
  const heading = `${fitRight("index", indexWidth)}  ${fitRight("id", idWidth)}  ${fitLeft("text", textWidth)}  range`;
  const lines = tokens.map((token, i) => {
    const range = token.start === token.end ? "–" : `${token.start}..${token.end}`;
    const special = token.special ? style.faint("  special") : "";
    const text = fitLeft(texts[i]!, textWidth);
    return `${fitRight(String(token.index), indexWidth)}  ${fitRight(String(token.id), idWidth)}  ${text}  ${range}${special}`;
  });
  const count = `${tokens.length} token${tokens.length === 1 ? "" : "s"}, ${bos.added ? "BOS added" : "no BOS added"}.`;
  return `${[style.faint(heading), ...lines, "", count].join("\n")}\n`;
}
