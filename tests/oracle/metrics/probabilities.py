"""Probabilities of classes answered by scikit-learn."""
import numpy as np
import sklearn.metrics as M
from classification import drawn
from sklearn.calibration import calibration_curve


def case(rng):
    given = drawn(rng, binary_share=0.45)
    if given["classes"] > 2 and rng.random() < 0.5:
        given["weights"] = None  # an area over pairs takes none
    y, p = np.array(given["expected"]), np.array(given["predicted"])
    w = None if given["weights"] is None else np.array(given["weights"])
    scores = np.array(given["probabilities"]).reshape(len(y), -1)
    sure = scores[np.arange(len(y)), p]
    return given, {
        **probability_answers(given, y, scores, w),
        **auc_answers(given, y, scores, w),
        "ece": calibration_error(y == p, sure, w, 15),
        "ece@bins": calibration_error(y == p, sure, w, given["bins"]),
    }


def probability_answers(given, y, scores, w):
    labels = list(range(given["classes"]))
    found = {
        "log-loss": M.log_loss(y, scores, labels=labels, sample_weight=w),
        "brier": M.brier_score_loss(y, scores, labels=labels, sample_weight=w),
    }
    columns = scores[:, 1] if given["classes"] == 2 else scores
    found["top-k-accuracy@k"] = M.top_k_accuracy_score(y, columns, k=given["k"], labels=labels, sample_weight=w)
    positive = (y == 1) if given["classes"] == 2 else np.eye(given["classes"], dtype=int)[y]
    found["average-precision"] = M.average_precision_score(positive, columns, sample_weight=w)
    return found


def auc_answers(given, y, scores, w):
    if given["classes"] == 2:
        found = {"roc-auc": M.roc_auc_score(y, scores[:, 1], sample_weight=w)}
        if len(set(y)) == 2 and (w is None or all(w[y == label].sum() > 0 for label in [0, 1])):
            found["roc-auc-partial@fpr"] = M.roc_auc_score(
                y, scores[:, 1], max_fpr=given["maxFpr"], sample_weight=w
            )
        return found
    labels = list(range(given["classes"]))
    found = {}
    for average, suffix in [("macro", ""), ("weighted", "-weighted"), ("micro", "-micro")]:
        if average == "weighted" and len(set(y)) < 2:
            continue
        found["roc-auc" + suffix] = M.roc_auc_score(
            y, scores, multi_class="ovr", average=average, labels=labels, sample_weight=w
        )
    if w is None and len(set(y)) > 1:
        for average, suffix in [("macro", ""), ("weighted", "-weighted")]:
            found["roc-auc-ovo" + suffix] = M.roc_auc_score(
                y, scores, multi_class="ovo", average=average, labels=labels
            )
    return found


def calibration_error(hits, confidences, w, bins):
    """Guo et al. 2017 over the bins of calibration_curve; its own curve where there are no weights."""
    edges = np.linspace(0.0, 1.0, bins + 1)
    index = np.searchsorted(edges[1:-1], confidences)
    w = np.ones(len(hits)) if w is None else w
    count = np.bincount(index, weights=w, minlength=bins)
    if np.all(w == 1) and len(set(hits)) == 2:
        accuracy, confidence = calibration_curve(hits, confidences, n_bins=bins, strategy="uniform")
        return (np.abs(accuracy - confidence) * count[count > 0]).sum() / count.sum()
    right = np.bincount(index, weights=w * hits, minlength=bins)
    sure = np.bincount(index, weights=w * confidences, minlength=bins)
    return np.abs(right - sure).sum() / count.sum()
