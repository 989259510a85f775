/** `state-swap states`: hidden states of a prompt to a `.npy` file. */
import { CONVENTION } from "../../shared/experiment/experiment.ts";
import type { OptionsOf } from "../options/commands.ts";
import type { Messages } from "../messages.ts";
import { withModel } from "../engine.ts";
import { jsonText } from "../../shared/text/json-text.ts";
import { littleEndianBytes, npyHeader } from "../npy.ts";
import { writeFile, writeText } from "../output.ts";
import { promptNotes } from "../../shared/experiment/notes.ts";
import { sayNotes } from "../notes.ts";
import { readyPrompt } from "../prompts.ts";

const STATES_SCHEMA = "state-swap/states@1";

/** Runs the command: the file is float32 `[blocks + 1, positions, width]`, plane k = input of block k. */
export async function statesCommand(options: OptionsOf<"states">, messages: Messages): Promise<void> {
  const { target, bos, file } = options;
  await withModel(options, messages, async (model) => {
    const { prompt } = await readyPrompt(model, target, "target", bos, messages);
    sayNotes(promptNotes("target", prompt), messages);
    messages.progress("running the prompt");
    const { data, blocks, positions, width } = await model.request("states", { ids: prompt.ids });
    messages.endProgress();
    const shape = [blocks + 1, positions, width];
    writeFile(file, [npyHeader(shape), littleEndianBytes(data)]);
    messages.note(
      `wrote ${file}: float32 [${shape.join(", ")}] = [blocks + 1, positions, width]; ` +
        "plane k = input of block k, the last plane = output of the last block before the final norm.",
    );
    if (options.json) {
      const record = {
        schema: STATES_SCHEMA,
        convention: CONVENTION,
        file,
        dtype: "<f4",
        shape,
        ids: prompt.ids,
      };
      writeText(jsonText(record), null);
    }
  });
}
