"""Everything in one command: train, export, measure, write the model card and the goldens.

`--trained DIRECTORY` takes the weights of an earlier training instead of training anew.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from transformers import LlamaForCausalLM

from card import card
from evaluate import Subject, demo_pair, evaluate, print_report
from export import export, sizes
from goldens import goldens
from train import train

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
MODEL = REPOSITORY / "media" / "models" / "countries-2m"
GOLDENS = REPOSITORY / "test" / "fixtures" / "embedded" / "golden.json"
LARGEST = 8 * 1024 * 1024


def finish(trained: Path, model: Path, golden: Path) -> None:
    """From trained weights to the shipped directory and the goldens."""
    torch.set_num_threads(1)
    export(trained, model)
    subject = Subject(model)
    figures = evaluate(subject)
    print_report(figures)
    with torch.inference_mode():
        unquantised = demo_pair(Subject(trained, LlamaForCausalLM.from_pretrained(trained).eval()))
    if unquantised != figures["demo"]:
        raise SystemExit(f"the demo pair flips elsewhere before quantisation: {unquantised}")
    parameters = sum(parameter.numel() for parameter in subject.model.parameters())
    (model / "README.md").write_text(card(model, figures, parameters))
    golden.parent.mkdir(parents=True, exist_ok=True)
    golden.write_text(json.dumps(goldens(model)) + "\n")
    files = sizes(model)
    print(json.dumps(files, indent=2))
    if sum(files.values()) > LARGEST:
        raise SystemExit(f"the model takes {sum(files.values())} bytes, more than {LARGEST}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trained", type=Path, help="what `train.py` left in an earlier run")
    parser.add_argument("--build", type=Path, default=HERE / "build", help="where a new training leaves its weights")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--golden", type=Path, default=GOLDENS)
    arguments = parser.parse_args()
    if arguments.trained is None:
        train(arguments.build)
    finish(arguments.trained or arguments.build, arguments.model, arguments.golden)
