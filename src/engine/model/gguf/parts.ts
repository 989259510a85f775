/** What of a GGUF makes its numbers, and what its tokens: the same for one file and for its shards. */
import type { ModelParts, Part } from "../identity.ts";
import type { GgufFile } from "./reader.ts";

const ARCHITECTURE = "general.architecture";
const TEMPLATE = "tokenizer.chat_template";

/**
 * Tensors by name, type, shape and data; metadata by key and value. Descriptions (`general.*`) and how the file was split
 * change no number.
 */
export function ggufParts({ metadata, places, tensors }: GgufFile): ModelParts {
  const entries = [...places].map(([name, place]): Part => ({ name, ...place }));
  const data = [...tensors.values()].map(({ name, type, dims, file, offset, bytes }): Part => ({
    name: `tensor ${name} ${type} ${dims.join("×")}`,
    file,
    from: offset,
    bytes,
  }));
  const isWeight = ({ name }: Part): boolean =>
    name === ARCHITECTURE || !/^(general|split|tokenizer)\./.test(name);
  return {
    weights: [...entries.filter(isWeight), ...data],
    tokenizer: entries.filter(({ name }) => name.startsWith("tokenizer.") && !name.startsWith(TEMPLATE)),
    template: metadata.get(TEMPLATE),
  };
}
