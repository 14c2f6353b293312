"""Multilabel cases answered by scikit-learn."""
import draw
import numpy as np
import sklearn.metrics as M

AVERAGES = ["macro", "micro", "weighted", "samples"]


def case(rng):
    samples, labels = draw.size(rng), rng.randrange(2, 5)
    expected = mixed(rng, samples, labels) if rng.random() < 0.3 else flags(rng, samples * labels)
    flip = rng.choice([0, 0.2, 0.5, 1])
    given = {
        "labels": labels,
        "expected": expected,
        "predicted": [flag ^ int(rng.random() < flip) for flag in expected],
        "scores": scores(rng, expected),
        "weights": draw.weights(rng, samples),
        "zeroDivision": rng.choice([0, 1, None]),
    }
    return given, answers(given)


def flags(rng, count):
    share = rng.choice([0, 0.2, 0.5, 0.9, 1])
    return [int(rng.random() < share) for _ in range(count)]


def mixed(rng, samples, labels):
    """Rows of which each has a label that applies and one that does not."""
    rows = []
    for _ in range(samples):
        positives = rng.randrange(1, labels)
        rows += rng.sample([1] * positives + [0] * (labels - positives), labels)
    return rows


def scores(rng, expected):
    kind = rng.randrange(3)
    if kind == 0:
        return [float(rng.randrange(3)) for _ in expected]
    if kind == 1:
        return [rng.gauss(0, 1) * 10.0 ** rng.randrange(-300, 300) for _ in expected]
    return [flag * rng.choice([0, 1]) + rng.gauss(0, 1) for flag in expected]


def answers(given):
    shape = (-1, given["labels"])
    y, p = np.array(given["expected"]).reshape(shape), np.array(given["predicted"]).reshape(shape)
    s = np.array(given["scores"]).reshape(shape)
    w = None if given["weights"] is None else np.array(given["weights"])
    found = {
        "subset-accuracy": M.accuracy_score(y, p, sample_weight=w),
        "hamming-loss": M.hamming_loss(y, p, sample_weight=w),
    }
    found["lrap"] = M.label_ranking_average_precision_score(y, s, sample_weight=w)
    for average in AVERAGES:
        scored = M.precision_recall_fscore_support(y, p, average=average, sample_weight=w, zero_division=0)
        for name, score in zip(["precision", "recall", "f1"], scored):
            found[f"{name}-{average}"] = score
        found[f"f-beta-{average}@2"] = M.fbeta_score(y, p, beta=2, average=average, sample_weight=w, zero_division=0)
        found[f"jaccard-{average}"] = M.jaccard_score(y, p, average=average, sample_weight=w, zero_division=0)
        found[f"average-precision-{average}"] = M.average_precision_score(y, s, average=average, sample_weight=w)
        if average != "weighted" or (y.sum(axis=0) < len(y)).all():
            found[f"roc-auc-{average}"] = M.roc_auc_score(y, s, average=average, sample_weight=w)
    return {**found, **option_answers(given, y, p, w)}


def option_answers(given, y, p, w):
    """What the kernels take beyond the registry: what a sample counts as where there is nothing to divide by."""
    empty = np.nan if given["zeroDivision"] is None else given["zeroDivision"]
    scored = M.precision_recall_fscore_support(y, p, average="samples", sample_weight=w, zero_division=empty)
    return {f"{name} of samples": score for name, score in zip(["precision", "recall", "f1"], scored)}
