"""Checks every .onnx file of a folder with onnx.checker (full_check: shapes and types are inferred too) and loads it in ONNX Runtime.

`node tests/oracle/onnx/write-variants.ts FOLDER && python tests/oracle/onnx/check.py FOLDER`
"""

import sys
from pathlib import Path

import onnx
import onnxruntime


def main(folder: Path) -> None:
    files = sorted(folder.glob("*.onnx"))
    for file in files:
        onnx.checker.check_model(str(file), full_check=True)
        onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    print(f"{len(files)} files pass onnx.checker {onnx.__version__} and load in onnxruntime {onnxruntime.__version__}")
    sys.exit(0 if files else 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
