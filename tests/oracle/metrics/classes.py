"""Predicted classes answered by scikit-learn."""
import numpy as np
import sklearn.metrics as M
from classification import AVERAGES, drawn


def case(rng):
    given = drawn(rng, binary_share=0.6)
    y, p = np.array(given["expected"]), np.array(given["predicted"])
    w = None if given["weights"] is None else np.array(given["weights"])
    return given, {**class_answers(given, y, p, w), **option_answers(given, y, p, w)}


def class_answers(given, y, p, w):
    found = {
        "accuracy": M.accuracy_score(y, p, sample_weight=w),
        "balanced-accuracy": M.balanced_accuracy_score(y, p, sample_weight=w),
        "hamming-loss": M.hamming_loss(y, p, sample_weight=w),
    }
    if w is None or all(varies(values, w) for values in [y, p]):
        found["mcc"] = M.matthews_corrcoef(y, p, sample_weight=w)
    labels = list(range(given["classes"]))
    for name, weights in [("", None), ("-linear", "linear"), ("-quadratic", "quadratic")]:
        found["cohen-kappa" + name] = M.cohen_kappa_score(y, p, labels=labels, weights=weights, sample_weight=w)
    for average in AVERAGES + (["binary"] if given["classes"] == 2 else []):
        add_scores(found, average, M.precision_recall_fscore_support(y, p, average=average, sample_weight=w, zero_division=0))
        f2 = M.fbeta_score(y, p, beta=2, average=average, sample_weight=w, zero_division=0)
        found[f"f-beta-{average}@2"] = f2
        found[f"jaccard-{average}"] = M.jaccard_score(y, p, average=average, sample_weight=w, zero_division=0)
    return found


def varies(values, w):
    """With weights, scikit-learn's correlation is what rounding leaves where nearly all weight is on one class."""
    shares = np.bincount(values, weights=w) / w.sum()
    return 1 - (shares**2).sum() > 1e-5


def add_scores(found, suffix, scores):
    for name, score in zip(["precision", "recall", "f1"], scores):
        found[f"{name}-{suffix}"] = score


def option_answers(given, y, p, w):
    """What the kernels take beyond the registry: chosen labels, zero_division, normalised confusion."""
    chosen = {
        "labels": given["labels"],
        "average": given["average"],
        "zero_division": np.nan if given["zeroDivision"] is None else given["zeroDivision"],
        "sample_weight": w,
    }
    scores = M.precision_recall_fscore_support(y, p, beta=0.5, **chosen)
    found = {f"{name} of labels": score for name, score in zip(["precision", "recall", "f0.5"], scores)}
    if given["zeroDivision"] is not None:
        found["jaccard of labels"] = M.jaccard_score(y, p, **chosen)
    matrix = M.confusion_matrix(
        y, p, labels=list(range(given["classes"])), normalize=given["normalize"], sample_weight=w
    )
    found["confusion"] = matrix.ravel().tolist()
    return found
