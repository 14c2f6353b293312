"""Writes tests/golden/models/quantize-models.json: a hash of the integers, scales and zero points that onnxruntime's quantizers make of
every matrix of whole models, those of tests/golden and the trained ones of models/catalog.

Run in the environment of requirements.txt, after generate.py and generate_static.py: `python tests/oracle/onnx/generate_models.py`.
"""

import hashlib
import json
import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

ROOT = Path(__file__).resolve().parents[3]
BLOCK_SIZE = 32


def sources() -> list[Path]:
    golden = ROOT / "tests" / "golden"
    found = [golden.glob("models/*.onnx"), golden.glob("static-models/*.onnx"), ROOT.glob("models/catalog/*/model.onnx")]
    return [file for files in found for file in sorted(files)]


def sha256(*arrays: np.ndarray) -> str:
    return hashlib.sha256(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)).hexdigest()


def matrices(model: onnx.ModelProto) -> dict[str, int]:
    """Their rows. Stacked weights are stored otherwise, as ONNX Runtime refuses to run what Python makes of them."""
    return {tensor.name: tensor.dims[0] for tensor in model.graph.initializer if len(tensor.dims) == 2}


def without_unused_bits(levels: np.ndarray, rows: int, bits: int) -> np.ndarray:
    """Python leaves in the last byte of a column what was in memory."""
    found = levels.reshape(levels.shape[0], -1).copy()
    used = rows * bits
    if used % 8:
        found[:, used // 8] &= (1 << (used % 8)) - 1
    return found


def in_bits(file: Path, bits: int, symmetric: bool) -> dict[str, str]:
    model = onnx.load(file)
    rows = matrices(model)
    quantizer = MatMulNBitsQuantizer(model, bits=bits, block_size=BLOCK_SIZE, is_symmetric=symmetric, accuracy_level=4)
    quantizer.process()
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in quantizer.model.graph().initializer}
    return {
        name: sha256(
            without_unused_bits(stored[f"{name}_Q{bits}"], rows[name], bits),
            stored[f"{name}_scales"],
            *([] if symmetric else [stored[f"{name}_zero_points"]]),
        )
        for name in sorted(rows)
        if f"{name}_Q{bits}" in stored
    }


def in_int8(file: Path, granularity: str, reduce_range: bool) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "quantized.onnx"
        quantize_dynamic(
            file,
            target,
            op_types_to_quantize=["MatMul", "Gemm"],
            per_channel=granularity == "per-channel",
            reduce_range=reduce_range,
            weight_type=QuantType.QInt8,
        )
        stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(target).graph.initializer}
    return {
        name: sha256(stored[f"{name}_quantized"], stored[f"{name}_scale"], stored[f"{name}_zero_point"])
        for name in sorted(matrices(onnx.load(file)))
        if f"{name}_quantized" in stored
    }


def quantized(file: Path) -> dict:
    weights = [
        {"bits": bits, "isSymmetric": symmetric, "weights": in_bits(file, bits, symmetric)}
        for bits in (2, 4, 8)
        for symmetric in (True, False)
    ]
    dynamic = [
        {"granularity": granularity, "reduceRange": reduce_range, "weights": in_int8(file, granularity, reduce_range)}
        for granularity in ("per-channel", "per-tensor")
        for reduce_range in (False, True)
    ]
    return {"model": str(file.relative_to(ROOT)), "weights": weights, "dynamic": dynamic}


def main() -> None:
    logging.disable(logging.WARNING)
    found = [quantized(file) for file in sources()]
    made_by = f"onnxruntime.quantization {onnxruntime.__version__}, onnx {onnx.__version__}, numpy {np.__version__}"
    text = json.dumps({"madeBy": made_by, "blockSize": BLOCK_SIZE, "models": found}, indent=1)
    (ROOT / "tests/golden/models/quantize-models.json").write_text(text + "\n")
    for kind in ("weights", "dynamic"):
        counts = [len(one[kind][0]["weights"]) for one in found]
        print(f"{kind}: {sum(count > 0 for count in counts)} models, {sum(counts)} weights")


if __name__ == "__main__":
    main()
