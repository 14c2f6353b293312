"""Writes tests/golden/tfjs: weights, and what tensorflowjs 4.22 makes of them in its three smaller forms.

Run in the environment of requirements.txt, from any folder: `python tests/oracle/tfjs/generate.py`.
"""

import base64
import importlib.util
import json
import sys
import types
from importlib import metadata
from pathlib import Path

import numpy as np

GOLDEN = Path(__file__).parents[2] / "golden" / "tfjs"


def load_converter() -> types.ModuleType:
    """Its writer of weights, without the rest of the package, which imports every framework it converts from."""
    package = types.ModuleType("tensorflowjs")
    package.__path__ = [str(Path(importlib.util.find_spec("tensorflowjs").origin).parent)]
    sys.modules["tensorflowjs"] = package
    return importlib.import_module("tensorflowjs.write_weights")


def cases() -> dict[str, np.ndarray]:
    draw = np.random.default_rng(11)
    step = np.float32(2.0**-6)
    return {
        "normal": draw.normal(0, 0.05, (16, 9)),
        "wide": draw.normal(0, 1, 40) * 10.0 ** draw.integers(-6, 4, 40),
        "positive": draw.uniform(0.2, 3, (3, 3, 2, 4)),
        "negative": -draw.uniform(1e-3, 1, 12),
        "from zero": draw.uniform(0, 1, 20) * (draw.uniform(0, 1, 20) > 0.3),
        "up to zero": np.array([-1, -0.5, -0.1, 0]),
        "all zero": np.zeros((2, 3)),
        "constant": np.full(5, -0.37),
        "one value": np.array([[0.125]]),
        "two values": np.array([-1, 1]),
        "negative zero": np.array([-0.0, 0.0, 1.0]),
        # Halves of a level, which rounding sends to the even one.
        "ties": np.concatenate([np.arange(0, 256) * step + step / 2, [0, 255 * step]]),
        "below float16": np.array([2.0**-24, 2.0**-25, np.nextafter(np.float32(2.0**-25), 1), 1e-8, -1e-8, 1e-30]),
        "float16 limits": np.array([65504, -65504, 65519, 6.1e-5, 6.0e-5, 2049, 2051, 1.0009765625, 0.33325195]),
        "large": np.array([3e38, -2e38, 1e30, 0]),
        "barely apart": np.array([1, 1 + 2.0**-23]),
    }


def main() -> None:
    converter = load_converter()
    written = []
    for name, values in cases().items():
        weight = values.astype(np.float32)
        forms = []
        for dtype in ("uint8", "uint16", "float16"):
            if dtype == "float16" and np.abs(weight).max() > 65519:
                continue  # infinity in Python, the largest float16 in Assay
            numpy_dtype = np.dtype(dtype).type
            entry = converter._quantize_entry({"name": name, "data": weight}, numpy_dtype)
            [spec] = converter._get_weights_manifest_for_group([entry])
            forms.append({"dtype": dtype, "spec": spec, "base64": encode(entry["data"])})
        written.append({"name": name, "shape": list(weight.shape), "base64": encode(weight), "forms": forms})
    made_by = f"tensorflowjs {metadata.version('tensorflowjs')}, numpy {np.__version__}"
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / "stored-weights.json").write_text(json.dumps({"madeBy": made_by, "weights": written}) + "\n")
    write_shards(converter)


def write_shards(converter: types.ModuleType) -> None:
    """A model in two groups, cut into files of 50 bytes, so that weights lie across files."""
    draw = np.random.default_rng(12)
    groups = [
        [{"name": "dense/kernel", "data": draw.normal(0, 1, (6, 8)).astype(np.float32)},
         {"name": "dense/bias", "data": draw.normal(0, 1, 8).astype(np.float32)}],
        [{"name": "words", "data": np.array(["", "grüße", "a longer text"], dtype=object)},
         {"name": "ids", "data": np.array([1, -2, 3], np.int32)},
         {"name": "halves", "data": draw.normal(0, 1, 11).astype(np.float32)}],
    ]
    folder = GOLDEN / "shards"
    folder.mkdir(exist_ok=True)
    manifest = converter.write_weights(
        groups, str(folder), shard_size_bytes=50, write_manifest=False,
        quantization_dtype_map={"uint8": "*/kernel", "uint16": "*/bias", "float16": "halves"})
    model = {"format": "graph-model", "modelTopology": {"node": []}, "weightsManifest": manifest}
    (folder / "model.json").write_text(json.dumps(model) + "\n")


def encode(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


if __name__ == "__main__":
    main()
