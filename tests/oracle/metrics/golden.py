"""Writes the first cases of each family, answered, to tests/golden/metrics: what the ordinary tests read.

usage: golden.py
"""
import json
import pathlib
import random
import sys

from stream import answered

CASES = {
    "regression": 60,
    "classes": 40,
    "probabilities": 60,
    "multilabel": 40,
    "ranking": 60,
    "texts": 80,
    "likelihood": 30,
    "tagging": 60,
}
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "golden" / "metrics"


def main():
    for family, count in CASES.items():
        lines = list(answered(family, random.Random(f"{family} golden"), count))
        (FOLDER / f"{family}.jsonl").write_text("".join(f"{line}\n" for line in lines))
        print(family, len(lines), file=sys.stderr)


main()
