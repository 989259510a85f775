"""Goldens for the engine's tests: sweeps of the demo pair and of three more pairs, from the shipped weights in fp32 PyTorch.

Before they are written, the same sweeps are run on the shipped ONNX file itself, cut at the input of each block, in
onnxruntime; a difference above TOLERANCE stops the script.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor

from evaluate import FEW_SHOT, STATEMENT, TOPIC, ZERO_SHOT, Subject
from model import BLOCKS
from swap import Prompt, block_inputs, last_logits, swap_sweep

TOP = 10
TOLERANCE = 2e-4

# Target template, target country, source template, source country.
DEMO = (FEW_SHOT, "France", TOPIC, "Italy")
MORE = (
    (FEW_SHOT, "Italy", TOPIC, "France"),
    (ZERO_SHOT, "Japan", TOPIC, "Germany"),
    (STATEMENT, "Italy", TOPIC, "Egypt"),
)


def rounded(values: Tensor) -> list[float]:
    """Six decimals: far below any tolerance, and a file that can be read."""
    return [round(value, 6) for value in values.tolist()]


def top(subject: Subject, logits: Tensor) -> dict[str, object]:
    """The best TOP tokens of one row of logits."""
    best = logits.topk(TOP)
    ids = best.indices.tolist()
    return {
        "argmax": ids[0],
        "answer": subject.tokenizer.decode(ids[:1]),
        "top": [{"id": token, "logit": logit} for token, logit in zip(ids, rounded(best.values), strict=True)],
    }


def norms(subject: Subject, ids: list[int]) -> list[list[float]]:
    """L2 norms of the inputs of all blocks, `[k][position]`."""
    return [rounded(row) for row in block_inputs(subject.model, ids).norm(dim=-1)]


def sweep_golden(subject: Subject, pair: tuple[str, str, str, str]) -> dict[str, object]:
    """A pair's prompts, and its sweep over k at the target's country."""
    target_template, target_country, source_template, source_country = pair
    target = subject.prompt(target_template, target_country)
    source = subject.prompt(source_template, source_country)
    return {
        "target": {
            "text": target_template.format(target_country),
            "ids": target.ids,
            "position": target.position,
            **top(subject, last_logits(subject.model, target.ids)[0]),
        },
        "source": {
            "text": source_template.format(source_country),
            "ids": source.ids,
            "position": source.position,
            **top(subject, last_logits(subject.model, source.ids)[0]),
        },
        "sweep": [{"k": k, **top(subject, row)} for k, row in enumerate(swap_sweep(subject.model, target, source))],
    }


def grid_argmax(subject: Subject, target: Prompt, source: Prompt) -> list[list[int]]:
    """`[k][p]`: the answer when the source's state is put at position p, at the input of block k."""
    columns = [
        swap_sweep(subject.model, Prompt(target.ids, position), source).argmax(-1)
        for position in range(len(target.ids))
    ]
    return torch.stack(columns, dim=1).tolist()


class CutGraph:
    """The shipped ONNX graph in onnxruntime, with the input of each block as an output, or replaced by an input."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "onnx" / "model.onnx"
        self.names = ["/model/embed_tokens/Gather_output_0"]
        self.names += [f"/model/layers.{block}/Add_1_output_0" for block in range(BLOCKS - 1)]

    def _run(
        self, graph: onnx.ModelProto, outputs: list[str], ids: list[int], extra: dict[str, np.ndarray]
    ) -> list[np.ndarray]:
        session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
        feeds = {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), np.int64), **extra}
        feeds["position_ids"] = np.arange(len(ids))[None]
        for entry in graph.graph.input:
            if entry.name.startswith("past_key_values"):
                heads, width = (entry.type.tensor_type.shape.dim[axis].dim_value for axis in (1, 3))
                feeds[entry.name] = np.zeros((1, heads, 0, width), np.float32)
        return [np.asarray(output) for output in session.run(outputs, feeds)]

    def inputs(self, ids: list[int]) -> list[np.ndarray]:
        """The inputs of all blocks, each `[1, positions, width]`."""
        graph = onnx.load(self.path)
        graph.graph.output.extend(onnx.ValueInfoProto(name=name) for name in self.names)
        return self._run(graph, self.names, ids, {})

    def logits_with(self, k: int, states: np.ndarray, ids: list[int]) -> np.ndarray:
        """The logits after the last token when `states` is the input of block k."""
        graph = onnx.load(self.path)
        name, replaced = self.names[k], "replaced_states"
        for node in graph.graph.node:
            for index, value in enumerate(node.input):
                if value == name and node.op_type != "Shape":
                    node.input[index] = replaced
        graph.graph.input.append(
            onnx.helper.make_tensor_value_info(replaced, onnx.TensorProto.FLOAT, [1, len(ids), states.shape[-1]])
        )
        return self._run(graph, ["logits"], ids, {replaced: states})[0][0, -1]


def onnx_difference(subject: Subject, directory: Path, target: Prompt, source: Prompt) -> float:
    """The largest difference in logits between the ONNX file's own sweep and PyTorch's."""
    cut = CutGraph(directory)
    target_inputs, source_inputs = cut.inputs(target.ids), cut.inputs(source.ids)
    largest = 0.0
    for k, row in enumerate(swap_sweep(subject.model, target, source)):
        states = target_inputs[k].copy()
        states[0, target.position] = source_inputs[k][0, source.position]
        logits = cut.logits_with(k, states, target.ids)
        largest = max(largest, float(np.abs(logits - row.numpy()).max()))
    return largest


def goldens(directory: Path) -> dict[str, object]:
    """All goldens, after the check against the ONNX file."""
    subject = Subject(directory)
    with torch.inference_mode():
        demo, more = sweep_golden(subject, DEMO), [sweep_golden(subject, pair) for pair in MORE]
        target, source = subject.prompt(DEMO[0], DEMO[1]), subject.prompt(DEMO[2], DEMO[3])
        difference = onnx_difference(subject, directory, target, source)
        if difference > TOLERANCE:
            raise ValueError(f"the ONNX file's sweep differs from PyTorch's by {difference}")
        demo["grid_argmax"] = grid_argmax(subject, target, source)
        demo["target_norms"] = norms(subject, target.ids)
        demo["source_norms"] = norms(subject, source.ids)
    return {
        "about": "fp32 PyTorch, the shipped file's weights dequantised; written by tools/embedded-model/goldens.py. "
        "sweep[k]: the input of block k at the target's position is the source's. grid_argmax[k][p]: the same at "
        "position p. norms[k][p]: L2 norm of the unpatched input of block k. Logits are those after the last token.",
        "model": directory.name,
        "blocks": BLOCKS,
        "onnx_sweep_max_abs_difference": difference,
        "demo": demo,
        "more": more,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(json.dumps(goldens(arguments.directory)) + "\n")
