"""Export the trained decoder as a hub-layout directory: the ordinary exporter's graph, its matrices stored in 4 or 8 bits.

optimum-onnx makes the graph; onnxruntime's own quantiser stores the blocks' matrices as MatMulNBits (blocks of 32 weights,
symmetric, no accuracy level: activations stay fp32). Embedding and head share one fp32 matrix.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer
from optimum.exporters.onnx import main_export
from tokenizers import Tokenizer
from transformers import GenerationConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from model import new_model
from tokenizer import END, END_ID

BITS = 4
BLOCK_SIZE = 32
METADATA = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
)

_PROJECTION = re.compile(r"^/(model/layers\.\d+/\w+/\w+_proj)/MatMul")


def quantised(graph: onnx.ModelProto, bits: int) -> onnx.ModelProto:
    """The graph with its constant matrices as MatMulNBits nodes."""
    logging.getLogger("onnxruntime.quantization.matmul_nbits_quantizer").setLevel(logging.WARNING)
    settings = DefaultWeightOnlyQuantConfig(block_size=BLOCK_SIZE, is_symmetric=True, accuracy_level=None, bits=bits)
    quantiser = MatMulNBitsQuantizer(graph, algo_config=settings)
    quantiser.process()
    return quantiser.model.model


def export(trained: Path, output: Path, bits: int = BITS) -> None:
    """Write `output/config.json`, tokenizer files and `output/onnx/model.onnx` from what `train.py` left in `trained`."""
    with tempfile.TemporaryDirectory() as temporary:
        checkpoint, exported = Path(temporary, "checkpoint"), Path(temporary, "exported")
        model = LlamaForCausalLM.from_pretrained(trained, dtype=torch.float32)
        model.generation_config = GenerationConfig(
            bos_token_id=END_ID, eos_token_id=END_ID, pad_token_id=END_ID, do_sample=False
        )
        model.save_pretrained(checkpoint)
        PreTrainedTokenizerFast(
            tokenizer_object=Tokenizer.from_file(str(trained / "tokenizer.json")),
            eos_token=END,
            pad_token=END,
            model_max_length=model.config.max_position_embeddings,
        ).save_pretrained(checkpoint)
        main_export(str(checkpoint), output=exported, task="text-generation-with-past", do_validation=False)

        (output / "onnx").mkdir(parents=True, exist_ok=True)
        graph = quantised(onnx.load(exported / "model.onnx"), bits)
        onnx.checker.check_model(graph)
        onnx.save(graph, output / "onnx" / "model.onnx")
        for name in METADATA:
            shutil.copyfile(exported / name, output / name)


def _dequantise(packed: np.ndarray, scales: np.ndarray, bits: int, columns: int) -> np.ndarray:
    """MatMulNBits weights `[rows, blocks, bytes]` as `[rows, columns]`; low nibble first, zero in the middle of the range."""
    if bits == 4:
        packed = np.stack((packed & 15, packed >> 4), axis=-1).reshape(*packed.shape[:2], -1)
    values = packed.astype(np.float32) - 2 ** (bits - 1)
    return (values * scales.reshape(*values.shape[:2], 1)).reshape(len(values), -1)[:, :columns]


def shipped_model(directory: Path) -> LlamaForCausalLM:
    """The shipped ONNX file's weights, dequantised, in a PyTorch model in fp32."""
    graph = onnx.load(directory / "onnx" / "model.onnx").graph
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = {name: array for name, array in arrays.items() if name.endswith(".weight")}
    for node in graph.node:
        match = _PROJECTION.match(node.name)
        if match is None or node.op_type != "MatMulNBits":
            continue
        attributes = {attribute.name: attribute.i for attribute in node.attribute}
        _, packed, scales = node.input[:3]
        name = match[1].replace("/", ".") + ".weight"
        weights[name] = _dequantise(arrays[packed], arrays[scales], attributes["bits"], attributes["K"])
    model = new_model().eval()
    state = {name: torch.tensor(np.asarray(array, np.float32)) for name, array in weights.items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or set(missing) - {"lm_head.weight"}:
        raise ValueError(f"the graph does not hold what the model needs: missing {missing}, unexpected {unexpected}")
    return model


def sizes(directory: Path) -> dict[str, int]:
    """Bytes per file of a hub-layout directory."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {str(path.relative_to(directory)): path.stat().st_size for path in files}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trained", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--bits", type=int, choices=(4, 8), default=BITS)
    arguments = parser.parse_args()
    export(arguments.trained, arguments.output, arguments.bits)
    print(json.dumps(sizes(arguments.output), indent=2))
