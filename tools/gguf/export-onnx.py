"""Exports a GGUF file's model as ONNX, the way exporters do it: its weights dequantised into Hugging Face's own model of the
family, that traced by torch.onnx, weights in float32 beside the graph. Nothing of it comes from State Swap's reader or graphs.

    python tools/gguf/export-onnx.py models/SmolLM2-135M-Instruct.Q4_1.gguf FOLDER

needs the packages torch, transformers, accelerate, gguf, onnx and onnxscript. FOLDER gets model.onnx, model.onnx.data, config.json and tokenizer.json.
"""

import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


class Logits(torch.nn.Module):
    """From ids and mask to logits, without a cache."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        return self.model(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).logits


def main(source: pathlib.Path, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    named = {"gguf_file": source.name}
    model = AutoModelForCausalLM.from_pretrained(
        source.parent, **named, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    AutoTokenizer.from_pretrained(source.parent, **named).save_pretrained(folder)
    model.config.save_pretrained(folder)
    ids = torch.arange(5, 13).reshape(2, 4)
    batch, positions = torch.export.Dim("batch"), torch.export.Dim("positions", min=1, max=2048)
    axes = {0: batch, 1: positions}
    torch.onnx.export(
        Logits(model).eval(),
        (ids, torch.ones_like(ids)),
        folder / "model.onnx",
        dynamo=True,
        dynamic_shapes=(axes, axes),
        input_names=["input_ids", "attention_mask"],
        output_names=["logits"],
        opset_version=18,
        external_data=True,
        # Its optimiser takes minutes for nothing here: onnxruntime has one of its own.
        optimize=False,
    )


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve())
