"""Times quantize_dynamic on request: reads one JSON request a line from stdin, answers with wall and CPU milliseconds on stdout."""

import json
import logging
import sys
import time

from onnxruntime.quantization import QuantType, quantize_dynamic

logging.disable(logging.WARNING)
for line in sys.stdin:
    request = json.loads(line)
    start, start_cpu = time.perf_counter(), time.process_time()
    quantize_dynamic(
        request["source"],
        request["target"],
        per_channel=request["granularity"] == "per-channel",
        weight_type=QuantType.QInt8,
    )
    wall, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    print(json.dumps({"wallMs": wall * 1000, "cpuMs": cpu * 1000}), flush=True)
