"""Dequantised values of random blocks of every GGML type, by the Python package gguf.

Usage: pip install gguf==0.19.0 && python tools/gguf/goldens.py > test/fixtures/gguf_blocks/dequantized.json

Every bit of a block is random but for its half-precision scales, which are finite and near 1. Written: base64 of the
blocks and of the weights (little-endian float32).
"""
import base64
import json

import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType as Type
from gguf.quants import dequantize

BLOCKS = 2

# Offsets of half-precision scales in a block.
SCALES = {
    "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0],
    "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208],
    "IQ1_S": [0], "IQ1_M": [], "IQ2_XXS": [0], "IQ2_XS": [0], "IQ2_S": [0], "IQ3_XXS": [0], "IQ3_S": [0],
    "IQ4_NL": [0], "IQ4_XS": [0], "TQ1_0": [52], "TQ2_0": [64], "MXFP4": [], "NVFP4": [],
}


def random_blocks(name: str, random: np.random.Generator) -> np.ndarray:
    size, width = GGML_QUANT_SIZES[Type[name]]
    blocks = random.integers(0, 256, (BLOCKS, width), dtype=np.uint8)
    scales = random.normal(0, 1, (BLOCKS, 2)).astype(np.float16)
    for i, offset in enumerate(SCALES[name]):
        blocks[:, offset : offset + 2] = scales[:, i : i + 1].view(np.uint8)
    if name == "IQ1_M":  # four bits of the scale on top of each of four words
        words = blocks[:, 48:].copy().view(np.uint16)
        bits = scales[:, :1].view(np.uint16)
        for i in range(4):
            words[:, i] = (words[:, i] & 0x0FFF) | (((bits[:, 0] >> (4 * i)) & 15) << 12)
        blocks[:, 48:] = words.view(np.uint8)
    if name == "MXFP4":  # a power of two near 1; one block of the smallest, below the normal numbers
        blocks[:, 0] = random.integers(118, 132, BLOCKS)
        blocks[-1, 0] = 1
    if name == "NVFP4":
        blocks[0, :4] = [0, 0x7F, 3, 0x38]
        blocks[1:, :4] &= 0x7F
    return blocks


def main() -> None:
    random = np.random.default_rng(16)
    types = {}
    for name in ["F16", "BF16", *SCALES]:
        if name in SCALES:
            blocks = random_blocks(name, random)
        else:
            floats = random.normal(0, 1, 64).astype(np.float32)
            halves = floats.astype(np.float16) if name == "F16" else (floats.view(np.uint32) >> 16).astype(np.uint16)
            blocks = halves.view(np.uint8).reshape(1, -1)
        weights = dequantize(blocks, Type[name]).astype("<f4")
        types[name] = {
            "blocks": base64.b64encode(blocks.tobytes()).decode(),
            "weights": base64.b64encode(weights.tobytes()).decode(),
        }
    what = "gguf 0.19.0 (Python), gguf.quants.dequantize of random blocks; base64 of bytes and of little-endian float32"
    print(json.dumps({"made_by": what, "types": types}, indent=1))


main()
