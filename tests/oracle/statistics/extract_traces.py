"""Reduces recorded timing traces to what tests/statistics/recorded-timings.test.ts reads.

Usage: extract_traces.py FOLDER, which holds the recordings d_<kind>_<threads>_<process>.json. Each row of a recording is
wall nanoseconds of [A, A', B]: A and A' are the same code, B does 2 % more work.
"""

import json
import sys
from pathlib import Path

import numpy as np

TARGET = Path(__file__).parents[2] / "golden" / "traces" / "timings.json"
WORKLOADS = {"javascript": "js_1", "onnxruntime": "ort_1", "onnxruntime, 2 threads": "ort_2"}
RAW = range(1, 4)


def rows(folder, name, process):
    return np.array([row[:3] for row in json.loads((folder / f"d_{name}_{process}.json").read_text())["rows"]])


def log_ratios(times):
    return np.median(np.log(times[:, 1:] / times[:, :1]), axis=0).round(7)


def extract(folder, name):
    shifts = np.array([log_ratios(rows(folder, name, process)) for process in range(1, 31)])
    raw = [(rows(folder, name, process) / 1000).round().astype(int) for process in RAW] if name != "ort_2" else []
    return {
        "same": shifts[:, 0].tolist(),
        "more": shifts[:, 1].tolist(),
        "rawMicroseconds": [{"baseline": r[:, 0].tolist(), "same": r[:, 1].tolist(), "more": r[:, 2].tolist()} for r in raw],
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    extracts = {label: extract(folder, name) for label, name in WORKLOADS.items()}
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(extracts, separators=(",", ":")) + "\n")
