"""Writes a model as its framework's exporter makes it, and what the framework itself says of some rows."""

import json
from pathlib import Path

import numpy as np
import onnx

folder = Path(__file__).resolve().parents[2] / "golden" / "exports"
types = {"f": "float32", "d": "float64", "l": "int64", "i": "int32", "?": "bool", "O": "string", "U": "string"}


def tensor(values):
    values = np.asarray(values)
    # The shortest text that is the same float32.
    flat = [float(str(value)) for value in values.ravel()] if values.dtype == np.float32 else values.ravel().tolist()
    data = [None if isinstance(value, float) and np.isnan(value) else value for value in flat]
    return {"type": types[values.dtype.char], "shape": list(values.shape), "data": data}


def without_traces(model):
    """PyTorch writes down where in the source each node comes from, with the paths of the machine."""
    for node in model.graph.node:
        kept = [entry for entry in node.metadata_props if "stack_trace" not in entry.key]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    return model


def write(name, model, case):
    """`model` is an ONNX message or None where the exporter wrote the file; `case` has inputs and outputs by name."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.onnx"
    message = onnx.load(file, load_external_data=False) if model is None else model
    file.write_bytes(without_traces(message).SerializeToString(deterministic=True))
    golden = {
        "madeBy": case["madeBy"],
        "file": f"{name}.onnx",
        "classes": [str(label) for label in case["classes"]] if "classes" in case else None,
        "inputs": {key: tensor(values) for key, values in case["inputs"].items()},
        "outputs": {key: tensor(values) for key, values in case["outputs"].items()},
    }
    (folder / f"{name.split('/')[0]}.json").write_text(json.dumps(golden, indent=None, ensure_ascii=False) + "\n")
    print(name, file.stat().st_size, "bytes")
