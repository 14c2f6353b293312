"""Writes what static quantization of onnxruntime makes of static_cases.py: the models and batches, the integers of every weight and
bias, the scale and zero point of every value, and the ranges of its moving average.

Run in the environment of requirements.txt, from any folder: `python tests/oracle/onnx/generate_static.py`.
"""

import contextlib
import io
import json
import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.calibrate import MinMaxCalibrater

from generate import encode
from static_cases import static_cases

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "static-models"
SETTINGS = [
    {"granularity": granularity, "activations": activations, "reduceRange": reduce_range}
    for granularity in ("per-channel", "per-tensor")
    for activations, reduce_range in (("uint8", False), ("int8", False), ("uint8", True))
]
TYPES = {"uint8": QuantType.QUInt8, "int8": QuantType.QInt8}
KINDS = {"uint8": np.uint8, "int8": np.int8, "int32": np.int32}


class Batches(CalibrationDataReader):
    def __init__(self, batches):
        self.rest = iter(batches)

    def get_next(self):
        batch = next(self.rest, None)
        return None if batch is None else {"x": batch}


def folded(source: Path, target: Path) -> None:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(target)
    onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


def quantized(source: Path, target: Path, batches, setting: dict) -> dict:
    quantize_static(
        source,
        target,
        Batches(batches),
        quant_format=QuantFormat.QDQ,
        per_channel=setting["granularity"] == "per-channel",
        reduce_range=setting["reduceRange"],
        activation_type=TYPES[setting["activations"]],
        weight_type=QuantType.QInt8,
    )
    graph = onnx.load(target).graph
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    values, constants = {}, {}
    for node in graph.node:
        if node.op_type == "QuantizeLinear":
            name = node.input[0].removesuffix("_QuantizeLinear_Input")
            values[name] = [float(stored[node.input[1]]), int(stored[node.input[2]])]
        if node.op_type == "DequantizeLinear" and node.input[0] in stored:
            integers = stored[node.input[0]]
            name = node.input[0].removesuffix("_quantized")
            constants[name] = {
                "values": encode(integers, KINDS[integers.dtype.name]),
                # Of a bias with one scale Python makes a list of one.
                "scale": encode(np.squeeze(stored[node.input[1]]), np.float32),
            }
    return {**setting, "values": values, "constants": constants}


def moving_average(source: Path, folder: Path, batches) -> dict:
    augmented = folder / "augmented.onnx"
    with contextlib.redirect_stdout(io.StringIO()):
        calibrater = MinMaxCalibrater(source, augmented_model_path=augmented, moving_average=True)
        calibrater.augment_graph()
        calibrater.create_inference_session()
        # It moves between collections.
        for batch in batches:
            calibrater.collect_data(Batches([batch]))
        data = calibrater.compute_data().data
    return {name: [float(np.squeeze(bound)) for bound in found.range_value] for name, found in data.items()}


def main() -> None:
    logging.disable(logging.WARNING)
    GOLDEN.mkdir(parents=True, exist_ok=True)
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, (model, batches) in static_cases().items():
            onnx.checker.check_model(model, full_check=True)
            onnx.save(model, GOLDEN / f"{name}.onnx")
            source = folder / "folded.onnx"
            folded(GOLDEN / f"{name}.onnx", source)
            settings = [quantized(source, folder / "quantized.onnx", batches, setting) for setting in SETTINGS]
            methods = {"moving-average": moving_average(source, folder, batches)}
            stored = [encode(batch, np.float32) for batch in batches]
            found.append({"case": name, "batches": stored, "ranges": methods, "quantized": settings})
    made_by = f"onnxruntime.quantization.quantize_static {onnxruntime.__version__}, onnx {onnx.__version__}, numpy {np.__version__}"
    (GOLDEN / "quantize-static.json").write_text(json.dumps({"madeBy": made_by, "cases": found}) + "\n")
    values = sum(len(one["values"]) for case in found for one in case["quantized"])
    constants = sum(len(one["constants"]) for case in found for one in case["quantized"])
    print(f"{len(found)} models, {values} values, {constants} constants")


if __name__ == "__main__":
    main()
