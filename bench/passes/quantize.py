"""Times onnxruntime.quantization on request: reads one JSON request a line from stdin, answers with wall and CPU milliseconds on stdout."""

import json
import logging
import sys
import time

import numpy
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_dynamic, quantize_static

logging.disable(logging.WARNING)


class Batches(CalibrationDataReader):
    """float32 batches of one file, all of one shape."""

    def __init__(self, file, name, shape):
        self.name = name
        self.batches = iter(numpy.fromfile(file, dtype="<f4").reshape(-1, *shape))

    def get_next(self):
        found = next(self.batches, None)
        return None if found is None else {self.name: found}


def quantize(request):
    files = (request["source"], request["target"])
    settings = {"per_channel": request["granularity"] == "per-channel", "weight_type": QuantType.QInt8}
    if request["kind"] == "dynamic":
        quantize_dynamic(*files, **settings)
        return
    batches = Batches(request["calibration"], request["input"], request["shape"])
    quantize_static(*files, batches, activation_type=QuantType.QUInt8, **settings)


for line in sys.stdin:
    start, start_cpu = time.perf_counter(), time.process_time()
    quantize(json.loads(line))
    wall, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    print(json.dumps({"wallMs": wall * 1000, "cpuMs": cpu * 1000}), flush=True)
