"""Writes tests/golden/models/quantize-weights.json: what MatMulNBitsQuantizer of onnxruntime makes of weights of many shapes.

Run in the environment of requirements.txt, from any folder: `python tests/oracle/onnx/generate_weights.py`.
"""

import base64
import json
import logging
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

from cases import matmul

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "models" / "quantize-weights.json"
BLOCK_SIZES = [16, 32, 64, 128, 256]


def shapes() -> list[tuple[int, int]]:
    """Rows (reduced over) and columns: whole blocks, a part of one, one row more or less than a block, odd counts of blocks."""
    return [
        (1, 1), (1, 7), (2, 3), (15, 4), (16, 4), (17, 4), (31, 5), (32, 8), (33, 3), (47, 2), (48, 6), (64, 16),
        (65, 3), (80, 5), (96, 12), (127, 2), (128, 4), (129, 3), (160, 2), (200, 3), (255, 1), (256, 2), (257, 2), (300, 3),
    ]


def special() -> dict[str, np.ndarray]:
    """Values where roundings and signs can go wrong: ties, zeros, one sign, a constant, wide and tiny ranges."""
    random = np.random.default_rng(4)
    draw = random.standard_normal
    ties = np.concatenate([[-8.0, 7.0], np.arange(-15, 15) / 2])[:, None]
    ties8 = np.concatenate([[-128.0, 127.0], np.arange(-127, 127) + 0.5])[:, None]
    ties2 = np.concatenate([[-2.0, 1.0], np.arange(-7, 7) / 4])[:, None]
    zero_block = draw((64, 3))
    zero_block[:32, 1] = 0
    return {
        "ties-2": ties2,
        "ties-4": ties,
        "ties-8": ties8,
        "zeros": np.zeros((40, 3)),
        "negative-zeros": np.full((33, 2), -0.0),
        "zero-block": zero_block,
        "positive": np.abs(draw((70, 3))),
        "negative": -np.abs(draw((70, 3))),
        "constant": np.full((35, 2), 0.3),
        "equal-extremes": np.concatenate([[-1.0, 1.0], draw(30) / 4])[:, None],
        "large": draw((32, 3)) * 1e30,
        "small": draw((32, 3)) * 1e-30,
        "below-normal": draw((32, 3)) * 1e-40,
        "spread": draw((48, 9)) * 10.0 ** np.arange(-4, 5),
    }


def weights() -> dict[str, np.ndarray]:
    random = np.random.default_rng(26)
    drawn = {f"{rows}x{columns}": random.standard_normal((rows, columns)) for rows, columns in shapes()}
    return {name: weight.astype(np.float32) for name, weight in {**drawn, **special()}.items()}


def block_sizes(name: str, rows: int) -> list[int]:
    if name in special():
        return [32]
    return [size for size in BLOCK_SIZES if size < 2 * rows or size == 16][-2:]


def quantized(weight: np.ndarray, bits: int, block_size: int, symmetric: bool) -> dict:
    quantizer = MatMulNBitsQuantizer(
        matmul(weight), bits=bits, block_size=block_size, is_symmetric=symmetric, accuracy_level=4
    )
    quantizer.process()
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in quantizer.model.graph().initializer}
    zero_points = {} if symmetric else {"zeroPoints": encode(stored["w_zero_points"], np.uint8)}
    return {
        "bits": bits,
        "blockSize": block_size,
        "isSymmetric": symmetric,
        "values": encode(stored[f"w_Q{bits}"], np.uint8),
        "scales": encode(stored["w_scales"], np.float32),
        **zero_points,
    }


def encode(array: np.ndarray, kind: type) -> dict:
    assert array.dtype == kind, array.dtype
    return {"shape": list(array.shape), "base64": base64.b64encode(array.tobytes()).decode()}


def main() -> None:
    logging.disable(logging.WARNING)
    found = [
        {
            "name": name,
            "weight": encode(weight, np.float32),
            "quantized": [
                quantized(weight, bits, block_size, symmetric)
                for bits in (2, 4, 8)
                for block_size in block_sizes(name, weight.shape[0])
                for symmetric in (True, False)
            ],
        }
        for name, weight in weights().items()
    ]
    made_by = f"onnxruntime.quantization MatMulNBitsQuantizer {onnxruntime.__version__}, onnx {onnx.__version__}, numpy {np.__version__}"
    GOLDEN.write_text(json.dumps({"madeBy": made_by, "weights": found}, indent=1) + "\n")
    print(f"{len(found)} weights, {sum(len(one['quantized']) for one in found)} forms of them")


if __name__ == "__main__":
    main()
