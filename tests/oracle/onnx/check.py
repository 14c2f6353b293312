"""Checks every .onnx file of a folder with onnx.checker (full_check: shapes and types are inferred too) and loads it in ONNX Runtime.

`node tests/oracle/onnx/write-variants.ts FOLDER && python tests/oracle/onnx/check.py FOLDER`
"""

import sys
from pathlib import Path

import onnx
import onnxruntime


def failure(file: Path) -> str | None:
    try:
        onnx.checker.check_model(str(file), full_check=True)
        onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    except Exception as error:
        return f"{file.name}: {error}"
    return None


def main(folder: Path) -> None:
    files = sorted(folder.glob("*.onnx"))
    failures = [found for found in map(failure, files) if found is not None]
    for found in failures:
        print(found)
    versions = f"onnx.checker {onnx.__version__} and load in onnxruntime {onnxruntime.__version__}"
    print(f"{len(files) - len(failures)} of {len(files)} files pass {versions}")
    sys.exit(0 if files and not failures else 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
