"""Writes tests/golden/models: the cases as ONNX files, and what onnxruntime.quantization.quantize_dynamic makes of their weights.

Run in the environment of requirements.txt, from any folder: `python tests/oracle/onnx/generate.py`.
"""

import base64
import json
import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from cases import cases

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "models"
SETTINGS = [("per-tensor", False), ("per-channel", False), ("per-tensor", True), ("per-channel", True)]


def quantized(source: Path, granularity: str, reduce_range: bool) -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "quantized.onnx"
        quantize_dynamic(
            source,
            target,
            per_channel=granularity == "per-channel",
            reduce_range=reduce_range,
            weight_type=QuantType.QInt8,
        )
        stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(target).graph.initializer}
    names = sorted(name.removesuffix("_quantized") for name in stored if name.endswith("_quantized"))
    return [
        {
            "weight": name,
            "values": encode(stored[f"{name}_quantized"], np.int8),
            "scale": encode(stored[f"{name}_scale"], np.float32),
            "zeroPoint": encode(stored[f"{name}_zero_point"], np.int8),
        }
        for name in names
    ]


def encode(array: np.ndarray, kind: type) -> dict:
    assert array.dtype == kind, array.dtype
    return {"shape": list(array.shape), "base64": base64.b64encode(array.tobytes()).decode()}


def main() -> None:
    logging.disable(logging.WARNING)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    found = []
    for name, model in cases().items():
        onnx.checker.check_model(model, full_check=True)
        file = GOLDEN / f"{name}.onnx"
        onnx.save(model, file)
        for granularity, reduce_range in SETTINGS:
            weights = quantized(file, granularity, reduce_range)
            found.append({"case": name, "granularity": granularity, "reduceRange": reduce_range, "weights": weights})
    made_by = f"onnxruntime.quantization.quantize_dynamic {onnxruntime.__version__}, onnx {onnx.__version__}, numpy {np.__version__}"
    golden = json.dumps({"madeBy": made_by, "quantized": found}, indent=1)
    (GOLDEN / "quantize-dynamic.json").write_text(golden + "\n")
    print(f"{len(cases())} models, {sum(len(one['weights']) for one in found)} weights")


if __name__ == "__main__":
    main()
