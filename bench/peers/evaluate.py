"""Evaluates a workload as a user of pandas, ONNX Runtime and scikit-learn would, and prints how long that took.

Arguments: intra-op threads (0 is ONNX Runtime's default), samples a call, models (the same one so many times), workload as JSON,
and `cold` where the workload is the first thing that is evaluated; else its first rows were, and so what is loaded late is there.
"""

import json
import sys
import time

import numpy as np
import onnxruntime as ort
import pandas as pd
from scipy.special import softmax
from sklearn import metrics

threads, batch_size, models, workload = *map(int, sys.argv[1:4]), json.loads(sys.argv[4])


def evaluate(inputs, expected):
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(workload["model"], options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    batches = (inputs[at : at + batch_size] for at in range(0, len(inputs), batch_size))
    outputs = np.concatenate([session.run(None, {name: batch})[0] for batch in batches])

    if workload["task"]["kind"] == "regression":
        predicted = outputs[:, 0]
        values = {
            "mse": metrics.mean_squared_error(expected, predicted),
            "mae": metrics.mean_absolute_error(expected, predicted),
            "r2": metrics.r2_score(expected, predicted),
        }
    else:
        predicted = outputs.argmax(axis=1)
        if workload["task"]["scores"] == "logits":
            outputs = softmax(outputs.astype(np.float64), axis=1)
        values = {
            "accuracy": metrics.accuracy_score(expected, predicted),
            "f1-macro": metrics.f1_score(expected, predicted, average="macro"),
            "log-loss": metrics.log_loss(expected, outputs),
        }
    return values


def evaluate_models(count, rows=None):
    table = pd.read_csv(workload["csv"], nrows=rows)
    shape = workload["shape"]
    inputs = (table.iloc[:, :-1].to_numpy(np.float32) / np.float32(workload["divideBy"])).reshape(-1, *shape)
    expected = table.iloc[:, -1].to_numpy()
    for _ in range(count):
        values = evaluate(inputs, expected)
    return values, count * len(expected)


if sys.argv[5:] != ["cold"]:
    evaluate_models(1, rows=1000)
start = time.perf_counter()
values, samples = evaluate_models(models)
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "samples": samples, "values": values}))
