/** The files of a model with one ONNX graph as a hub holds it: of the embedded model, and of what a download brings. */
export const HUB_LAYOUT_FILES: readonly string[] = [
  "config.json",
  "generation_config.json",
  "onnx/model.onnx",
  "special_tokens_map.json",
  "tokenizer.json",
  "tokenizer_config.json",
];
