"""Writes tests/golden/models/float16.json: float32 values of every size and what convert_float_to_float16 of onnxruntime makes of them.

Run in the environment of requirements.txt, from any folder: `python tests/oracle/onnx/generate_float16.py`.
"""

import base64
import json

import numpy as np
import onnxruntime
from onnxruntime.transformers.float16 import convert_np_to_float16

from generate import GOLDEN


def values() -> np.ndarray:
    random = np.random.default_rng(16)
    sizes = random.standard_normal(3000) * 2.0 ** random.uniform(-40, 20, 3000)
    exact = np.arange(0, 0x7C00, 23, dtype=np.uint16).view(np.float16).astype(np.float32)
    halfway = (exact[:-1] + exact[1:].astype(np.float64)) / 2
    following = np.nextafter(exact, np.float32(np.inf))
    edges = np.array([65504, 65519.99, 65520, 70000, 2.0**-14, 2.0**-24, 2.0**-25, 5.96e-8, 5.95e-8, 0.0])
    found = np.concatenate([sizes, exact, halfway, following, edges]).astype(np.float32)
    return np.concatenate([found, -found])


def main() -> None:
    float32 = values()
    float16 = convert_np_to_float16(float32)
    text = {name: base64.b64encode(array.tobytes()).decode() for name, array in (("float32", float32), ("float16", float16))}
    made_by = f"onnxruntime.transformers.float16 {onnxruntime.__version__}, numpy {np.__version__}"
    (GOLDEN / "float16.json").write_text(json.dumps({"madeBy": made_by, **text}, indent=1) + "\n")
    print(f"{len(float32)} values")


if __name__ == "__main__":
    main()
