"""The loop that anybody would write in Python, one thread.

Arguments: for each model `path,input,rows,width`. For each line `model milliseconds` on stdin it writes the milliseconds
of every call as one line of JSON.
"""

import json
import sys
import time

import numpy as np
import onnxruntime


def load(model):
    path, source, rows, width = model.split(",")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return session, {"x": np.fromfile(source, np.float32).reshape(int(rows), int(width))}


def time_calls(session, feeds, milliseconds):
    calls = []
    end = time.perf_counter() + milliseconds / 1000
    while time.perf_counter() < end:
        start = time.perf_counter_ns()
        session.run(None, feeds)
        calls.append((time.perf_counter_ns() - start) / 1e6)
    return calls


if __name__ == "__main__":
    models = [load(model) for model in sys.argv[1:]]
    print("[]", flush=True)
    for line in sys.stdin:
        model, milliseconds = line.split()
        print(json.dumps(time_calls(*models[int(model)], float(milliseconds))), flush=True)
