"""Writes random cases and their answers to stdout, one JSON a line, until it is stopped.

usage: stream.py FAMILY SEED [CASES]
"""
import importlib
import json
import math
import random
import sys
import warnings

import numpy as np
import sklearn
from sklearn.utils import validation

warnings.simplefilter("ignore")
np.seterr(all="ignore")
sklearn.set_config(assume_finite=True, skip_parameter_validation=True)
# Every input is an array: asking of each whether it is a data frame takes a third of the time.
validation._nw_into_df_or_series = lambda values: False


def plain(value):
    """A value as JSON: NaN is null, an infinite number is its name."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (np.floating, np.integer)):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def answered(family, rng, cases):
    """Cases of a family with the answers of its oracle, each as a line of JSON."""
    module = importlib.import_module(family)
    for _ in range(cases):
        given, answers = module.case(rng)
        yield json.dumps(plain({"given": given, "answers": answers}), separators=(",", ":"))


def main():
    family, seed = sys.argv[1], sys.argv[2]
    cases = int(sys.argv[3]) if len(sys.argv) > 3 else 1 << 60
    for line in answered(family, random.Random(f"{family} {seed}"), cases):
        print(line)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        pass
