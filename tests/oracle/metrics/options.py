"""Figures of metrics whose options are set, as their oracles give them: tests/golden/metrics/options.json."""

import json
import pathlib
import warnings

import numpy as np
import sacrebleu
from seqeval import metrics as seqeval
from sklearn import metrics

warnings.simplefilter("ignore")
nan = float("nan")

# c is expected once and never predicted, d occurs nowhere.
labels = ["a", "b", "c", "d"]
expected = [0, 0, 0, 1, 1, 2]
predicted = [0, 0, 1, 1, 0, 1]

binary_expected = [0, 0, 0, 1, 1, 0, 1]
binary_scores = [0.1, 0.6, 0.35, 0.8, 0.4, 0.4, 0.55]
binary_predicted = [int(score > 0.5) for score in binary_scores]

sets_expected = [[1, 0, 0], [0, 0, 0], [1, 1, 0], [0, 1, 0]]
sets_predicted = [[1, 0, 0], [0, 0, 0], [0, 1, 1], [1, 0, 0]]
set_scores = [[0.9, 0.2, 0.1], [0.3, 0.4, 0.2], [0.2, 0.8, 0.7], [0.6, 0.45, 0.3]]

values_expected = [[1, 10], [2, 20], [4, 40], [7, 35]]
values_predicted = [[1.5, 12], [2, 17], [3, 44], [9, 30]]

tags_expected = [["B-PER", "O"], ["O", "O"]]
tags_predicted = [["O", "O"], ["O", "B-LOC"]]

texts = ["The cat (sat), on the mat!", "Hello, World - this is it.", "猫 sat"]
references = [["The cat sat on the mat."], ["hello world, this was it."], ["猫 sat on it"]]


def of_classes(score, chosen, average, zero_division=0):
    places = None if chosen is None else [labels.index(label) for label in chosen]
    return score(expected, predicted, labels=places, average=average, zero_division=zero_division)


def of_sets(score, average, zero_division=0, chosen=None):
    options = {"labels": chosen, "average": average, "zero_division": zero_division}
    return score(np.array(sets_expected), np.array(sets_predicted), **options)


def of_scores(score, average, chosen):
    return score(np.array(sets_expected)[:, chosen], np.array(set_scores)[:, chosen], average=average)


def of_one(score, place, **options):
    positive = [int(label == place) for label in binary_expected]
    scores = [value if place == 1 else 1 - value for value in binary_scores]
    return score(positive, scores, **options)


def of_decision(score, place):
    return score(binary_expected, binary_predicted, pos_label=place)


def of_output(score, output):
    return score(np.array(values_expected)[:, output], np.array(values_predicted)[:, output])


def of_texts(metric):
    score = metric.corpus_score(texts, list(map(list, zip(*references))))
    return {"value": score.score, "signature": str(metric.get_signature())}


def figure(metric, value):
    return {"metric": metric, **(value if isinstance(value, dict) else {"value": float(value)})}


p, r, f, j = metrics.precision_score, metrics.recall_score, metrics.f1_score, metrics.jaccard_score
cases = [
    {
        "given": {"kind": "classification", "labels": labels, "expected": expected, "predicted": predicted},
        "figures": [
            figure({"id": "precision", "average": "macro", "labels": ["a", "c", "d"]}, of_classes(p, ["a", "c", "d"], "macro")),
            figure({"id": "precision", "average": "macro", "labels": ["a", "c", "d"], "zeroDivision": 1}, of_classes(p, ["a", "c", "d"], "macro", 1)),
            figure({"id": "precision", "average": "macro", "labels": ["a", "c", "d"], "zeroDivision": "nan"}, of_classes(p, ["a", "c", "d"], "macro", nan)),
            figure({"id": "precision", "average": "weighted", "zeroDivision": 1}, of_classes(p, None, "weighted", 1)),
            figure({"id": "recall", "average": "micro", "labels": ["b", "c"]}, of_classes(r, ["b", "c"], "micro")),
            figure({"id": "recall", "average": "micro", "labels": ["d"], "zeroDivision": 1}, of_classes(r, ["d"], "micro", 1)),
            figure({"id": "f1", "average": "weighted", "labels": ["b", "c"]}, of_classes(f, ["b", "c"], "weighted")),
            figure({"id": "f1", "average": "macro", "labels": ["b"]}, of_classes(f, ["b"], "macro")),
            figure({"id": "jaccard", "average": "macro", "labels": ["a", "d"], "zeroDivision": 1}, of_classes(j, ["a", "d"], "macro", 1)),
        ],
    },
    {
        "given": {
            "kind": "classification",
            "labels": ["no", "yes"],
            "expected": binary_expected,
            "predicted": binary_predicted,
            "probabilities": [value for score in binary_scores for value in (1 - score, score)],
        },
        "figures": [
            figure({"id": "precision", "average": "binary", "positive": "no"}, of_decision(p, 0)),
            figure({"id": "recall", "average": "binary", "positive": "no"}, of_decision(r, 0)),
            figure({"id": "f1", "average": "binary", "positive": "yes"}, of_decision(f, 1)),
            figure({"id": "average-precision", "positive": "no"}, of_one(metrics.average_precision_score, 0)),
            figure({"id": "average-precision", "positive": "yes"}, of_one(metrics.average_precision_score, 1)),
            figure({"id": "roc-auc-partial", "maxFalsePositiveRate": 0.5, "positive": "no"}, of_one(metrics.roc_auc_score, 0, max_fpr=0.5)),
        ],
    },
    {
        "given": {
            "kind": "multilabel",
            "labels": ["x", "y", "z"],
            "expected": sum(sets_expected, []),
            "predicted": sum(sets_predicted, []),
            "scores": sum(set_scores, []),
        },
        "figures": [
            figure({"id": "f1", "average": "samples", "zeroDivision": 1}, of_sets(f, "samples", 1)),
            figure({"id": "precision", "average": "samples", "zeroDivision": "nan"}, of_sets(p, "samples", nan)),
            figure({"id": "recall", "average": "macro", "zeroDivision": 1}, of_sets(r, "macro", 1)),
            figure({"id": "f1", "average": "samples", "labels": ["z", "x"]}, of_sets(f, "samples", 0, [2, 0])),
            figure({"id": "f1", "average": "micro", "labels": ["y"]}, of_sets(f, "micro", 0, [1])),
            figure({"id": "roc-auc", "average": "macro", "labels": ["y", "x"]}, of_scores(metrics.roc_auc_score, "macro", [1, 0])),
            figure({"id": "average-precision", "average": "micro", "labels": ["x", "y"]}, of_scores(metrics.average_precision_score, "micro", [0, 1])),
        ],
    },
    {
        "given": {
            "kind": "regression",
            "outputs": 2,
            "names": ["width", "height"],
            "expected": sum(values_expected, []),
            "predicted": sum(values_predicted, []),
        },
        "figures": [
            figure({"id": "mse", "output": "width"}, of_output(metrics.mean_squared_error, 0)),
            figure({"id": "rmse", "output": "height"}, of_output(metrics.root_mean_squared_error, 1)),
            figure({"id": "r2", "output": "height"}, of_output(metrics.r2_score, 1)),
            figure({"id": "max-error", "output": "width"}, of_output(metrics.max_error, 0)),
            figure({"id": "pinball", "quantile": 0.9, "output": "width"}, metrics.mean_pinball_loss([1, 2, 4, 7], [1.5, 2, 3, 9], alpha=0.9)),
        ],
    },
    {
        "given": {"kind": "tagging", "expected": tags_expected, "predicted": tags_predicted},
        "figures": [
            figure({"id": "entity-precision", "average": "macro", "zeroDivision": 1}, seqeval.precision_score(tags_expected, tags_predicted, average="macro", zero_division=1)),
            figure({"id": "entity-recall", "average": "macro", "zeroDivision": 1}, seqeval.recall_score(tags_expected, tags_predicted, average="macro", zero_division=1)),
            figure({"id": "entity-f1", "average": "macro", "zeroDivision": 1}, seqeval.f1_score(tags_expected, tags_predicted, average="macro", zero_division=1)),
        ],
    },
    {
        "given": {"kind": "generation", "generated": texts, "references": [one for [one] in references]},
        "figures": [
            figure({"id": "bleu", "tokenize": "intl"}, of_texts(sacrebleu.BLEU(tokenize="intl"))),
            figure({"id": "bleu", "lowercase": True, "smoothing": "add-k"}, of_texts(sacrebleu.BLEU(lowercase=True, smooth_method="add-k"))),
            figure({"id": "bleu", "tokenize": "char", "smoothing": "floor", "smoothingValue": 0.25}, of_texts(sacrebleu.BLEU(tokenize="char", smooth_method="floor", smooth_value=0.25))),
            figure({"id": "bleu", "tokenize": "zh", "effectiveOrder": True, "smoothing": "none"}, of_texts(sacrebleu.BLEU(tokenize="zh", effective_order=True, smooth_method="none"))),
            figure({"id": "chrf", "charOrder": 4, "beta": 1}, of_texts(sacrebleu.CHRF(char_order=4, beta=1))),
            figure({"id": "chrf++", "lowercase": True, "whitespace": True}, of_texts(sacrebleu.CHRF(word_order=2, lowercase=True, whitespace=True))),
            figure({"id": "chrf", "wordOrder": 1, "epsSmoothing": True}, of_texts(sacrebleu.CHRF(word_order=1, eps_smoothing=True))),
            figure({"id": "ter", "caseSensitive": True}, of_texts(sacrebleu.TER(case_sensitive=True))),
            figure({"id": "ter", "punctuation": False}, of_texts(sacrebleu.TER(no_punct=True))),
            figure({"id": "ter", "normalized": True}, of_texts(sacrebleu.TER(normalized=True))),
            figure({"id": "ter", "normalized": True, "asianSupport": True, "punctuation": False}, of_texts(sacrebleu.TER(normalized=True, asian_support=True, no_punct=True))),
        ],
    },
]

golden = pathlib.Path(__file__).parents[2] / "golden" / "metrics" / "options.json"
golden.write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n")
