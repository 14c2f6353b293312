"""Classification cases answered by scikit-learn."""
import draw
import numpy as np
import sklearn.metrics as M
from sklearn.calibration import calibration_curve

AVERAGES = ["macro", "micro", "weighted"]


def case(rng):
    samples = draw.size(rng)
    classes = 2 if rng.random() < 0.5 else rng.randrange(3, 6)
    probabilities = draw.probabilities(rng, samples, classes)
    given = {
        "classes": classes,
        "expected": expected_classes(rng, probabilities),
        "predicted": predicted_classes(rng, probabilities),
        "probabilities": probabilities.ravel().tolist(),
        "weights": draw.weights(rng, samples),
        "labels": rng.sample(range(classes + 1), rng.randrange(1, classes + 1)),
        "bins": rng.choice([1, 2, 5, 10, 15]),
        "average": rng.choice(AVERAGES),
        "zeroDivision": rng.choice([0, 1, None]),
        "normalize": rng.choice([None, "true", "pred", "all"]),
        "k": rng.randrange(1, 4),
        "maxFpr": rng.choice([0.1, 0.25, 0.5, rng.random() * 0.99 + 0.005]),
    }
    return given, answers(given)


def expected_classes(rng, probabilities):
    kind = rng.randrange(4)
    classes = probabilities.shape[1]
    if kind == 0:
        return [rng.choice([0, classes - 1])] * len(probabilities)
    if kind == 1:
        return [rng.randrange(classes) for _ in probabilities]
    return [rng.choices(range(classes), weights=row)[0] for row in probabilities]


def predicted_classes(rng, probabilities):
    classes = probabilities.shape[1]
    if rng.random() < 0.2:
        return [rng.randrange(classes) for _ in probabilities]
    if rng.random() < 0.1:
        return [classes - 1] * len(probabilities)
    return probabilities.argmax(axis=1).tolist()


def answers(given):
    y, p = np.array(given["expected"]), np.array(given["predicted"])
    w = None if given["weights"] is None else np.array(given["weights"])
    scores = np.array(given["probabilities"]).reshape(len(y), -1)
    return {
        **class_answers(given, y, p, w),
        **option_answers(given, y, p, w),
        **probability_answers(given, y, scores, w),
        **auc_answers(given, y, scores, w),
        "ece": calibration_error(y == p, scores[np.arange(len(y)), p], w, 15),
        "ece@bins": calibration_error(y == p, scores[np.arange(len(y)), p], w, given["bins"]),
    }


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
    """With weights, scikit-learn's correlation of a constant is what rounding leaves, not 0."""
    return len(set(values[w > 0])) > 1


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
