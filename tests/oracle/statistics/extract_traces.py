"""Packs recorded timing traces into what tests/statistics/recorded-timings.test.ts and bench/power read.

Usage: extract_traces.py FOLDER, which holds the recordings d_<kind>_<threads>_<process>.json. Each row of a recording is
wall nanoseconds of [A, A', B]: A and A' are the same code, B does 2 % more work. Kept are all of them in tenths of a
microsecond, in the order they were measured.
"""

import gzip
import json
import sys
from pathlib import Path

TARGET = Path(__file__).parents[2] / "golden" / "traces" / "timings.json.gz"
WORKLOADS = {"javascript": "js_1", "onnxruntime": "ort_1", "onnxruntime, 2 threads": "ort_2"}
PROCESSES = range(1, 31)


def extract(folder, name, process):
    rows = json.loads((folder / f"d_{name}_{process}.json").read_text())["rows"]
    columns = {"baseline": 0, "same": 1, "more": 2}
    return {label: [round(row[column] / 100) for row in rows] for label, column in columns.items()}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    extracts = {label: [extract(folder, name, p) for p in PROCESSES] for label, name in WORKLOADS.items()}
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    # Without a date in it, the same recordings give the same file.
    TARGET.write_bytes(gzip.compress(json.dumps(extracts, separators=(",", ":")).encode(), 9, mtime=0))
