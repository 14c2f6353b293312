"""Times one metric of a Python library at a time: reads `SET ID MILLISECONDS` lines, answers `WALL CPU VALUE`.

usage: oracles.py FOLDER
"""
import json
import logging
import os
import sys
import time
import warnings
from functools import partial

import jiwer
import numpy as np
import pytrec_eval
import sacrebleu
import seqeval.metrics as S
import sklearn.metrics as M
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import CHRF
from seqeval.scheme import IOB2
from sklearn.calibration import calibration_curve

sys.path.append(os.path.join(os.path.dirname(__file__), "../../tests/oracle/metrics"))
import squad

warnings.simplefilter("ignore")
logging.getLogger("sacrebleu").setLevel(logging.ERROR)
FOLDER = sys.argv[1]
TYPES = {"f8": np.float64, "i4": np.int32, "u1": np.uint8}


def column(name, width=None):
    for suffix, dtype in TYPES.items():
        path = os.path.join(FOLDER, f"{name}.{suffix}")
        if os.path.exists(path):
            values = np.fromfile(path, dtype)
            return values if width is None else values.reshape(-1, width)
    raise FileNotFoundError(name)


def lines(name):
    with open(os.path.join(FOLDER, f"{name}.json"), encoding="utf8") as file:
        return json.load(file)


def regression():
    y, p = column("regression-expected"), column("regression-predicted")
    return {
        "mse": lambda: M.mean_squared_error(y, p),
        "rmse": lambda: M.root_mean_squared_error(y, p),
        "mae": lambda: M.mean_absolute_error(y, p),
        "median-ae": lambda: M.median_absolute_error(y, p),
        "mape": lambda: M.mean_absolute_percentage_error(y, p),
        "smape": lambda: np.mean(2 * np.abs(y - p) / (np.abs(y) + np.abs(p))),
        "msle": lambda: M.mean_squared_log_error(y, p),
        "rmsle": lambda: M.root_mean_squared_log_error(y, p),
        "r2": lambda: M.r2_score(y, p),
        "r2-variance-weighted": lambda: M.r2_score(y, p, multioutput="variance_weighted"),
        "explained-variance": lambda: M.explained_variance_score(y, p),
        "max-error": lambda: M.max_error(y, p),
        "pinball@0.9": lambda: M.mean_pinball_loss(y, p, alpha=0.9),
    }


def classes(name, count):
    y, p = column(f"{name}-expected"), column(f"{name}-predicted")
    s = column(f"{name}-probabilities", count)
    found = {
        "accuracy": lambda: M.accuracy_score(y, p),
        "balanced-accuracy": lambda: M.balanced_accuracy_score(y, p),
        "hamming-loss": lambda: M.hamming_loss(y, p),
        "mcc": lambda: M.matthews_corrcoef(y, p),
        "cohen-kappa": lambda: M.cohen_kappa_score(y, p),
        "cohen-kappa-linear": lambda: M.cohen_kappa_score(y, p, weights="linear"),
        "cohen-kappa-quadratic": lambda: M.cohen_kappa_score(y, p, weights="quadratic"),
        **averaged(y, p, ["macro", "micro", "weighted"]),
        "log-loss": lambda: M.log_loss(y, s),
        "brier": lambda: M.brier_score_loss(y, s),
        "ece": lambda: calibration_error(y == p, s.max(axis=1), 15),
        "ece@10": lambda: calibration_error(y == p, s.max(axis=1), 10),
    }
    if count == 2:
        positive = np.ascontiguousarray(s[:, 1])
        return {
            **found,
            **averaged(y, p, ["binary"]),
            "roc-auc": lambda: M.roc_auc_score(y, positive),
            "roc-auc-partial@0.1": lambda: M.roc_auc_score(y, positive, max_fpr=0.1),
            "average-precision": lambda: M.average_precision_score(y, positive),
        }
    return {
        **found,
        "top-k-accuracy@2": lambda: M.top_k_accuracy_score(y, s, k=2),
        "roc-auc": lambda: M.roc_auc_score(y, s, multi_class="ovr"),
        "roc-auc-weighted": lambda: M.roc_auc_score(y, s, multi_class="ovr", average="weighted"),
        "roc-auc-micro": lambda: M.roc_auc_score(y, s, multi_class="ovr", average="micro"),
        "roc-auc-ovo": lambda: M.roc_auc_score(y, s, multi_class="ovo"),
        "roc-auc-ovo-weighted": lambda: M.roc_auc_score(y, s, multi_class="ovo", average="weighted"),
        "average-precision": lambda: M.average_precision_score(y, s),
    }


SCORES = {
    "precision": M.precision_score,
    "recall": M.recall_score,
    "f1": M.f1_score,
    "jaccard": M.jaccard_score,
}


def averaged(y, p, averages):
    found = {}
    for average in averages:
        for name, score in SCORES.items():
            found[f"{name}-{average}"] = partial(score, y, p, average=average)
        found[f"f-beta-{average}@2"] = partial(M.fbeta_score, y, p, beta=2, average=average)
    return found


def calibration_error(hits, confidences, bins):
    accuracy, confidence = calibration_curve(hits, confidences, n_bins=bins, strategy="uniform")
    count = np.histogram(confidences, bins=np.linspace(0, 1, bins + 1))[0]
    return (np.abs(accuracy - confidence) * count[count > 0]).sum() / len(hits)


AVERAGES = ["macro", "micro", "weighted", "samples"]


def multilabel(name):
    y, p = column(f"{name}-expected", 4), column(f"{name}-predicted", 4)
    s = column(f"{name}-scores", 4)
    return {
        "subset-accuracy": lambda: M.accuracy_score(y, p),
        "hamming-loss": lambda: M.hamming_loss(y, p),
        "lrap": lambda: M.label_ranking_average_precision_score(y, s),
        **averaged(y, p, AVERAGES),
        **{f"roc-auc-{a}": partial(M.roc_auc_score, y, s, average=a) for a in AVERAGES},
        **{f"average-precision-{a}": partial(M.average_precision_score, y, s, average=a) for a in AVERAGES},
    }


def ranking():
    scores, gains = column("ranking-scores", 10), column("ranking-gains", 10)
    run = {str(q): {f"d{d}": float(v) for d, v in enumerate(row)} for q, row in enumerate(scores)}
    relevance = {str(q): {f"d{d}": int(v) for d, v in enumerate(row)} for q, row in enumerate(gains)}

    def trec(asked, name):
        results = pytrec_eval.RelevanceEvaluator(relevance, {asked}).evaluate(run)
        return sum(result[name] for result in results.values()) / len(results)

    return {
        "ndcg": lambda: M.ndcg_score(gains, scores),
        "ndcg@5": lambda: M.ndcg_score(gains, scores, k=5),
        "mrr": lambda: trec("recip_rank", "recip_rank"),
        "map@5": lambda: trec("map_cut.5", "map_cut_5"),
        "recall@5": lambda: trec("recall.5", "recall_5"),
        "hit-rate@5": lambda: trec("success.5", "success_5"),
    }


def likelihood():
    loss, tokens, size = column("likelihood-loss"), column("likelihood-tokens"), column("likelihood-bytes")
    floor = column("likelihood-floor")
    return {
        "perplexity": lambda: np.exp(loss.sum() / tokens.sum()),
        "perplexity-over-floor": lambda: np.exp((loss.sum() - floor.sum()) / tokens.sum()),
        "perplexity-sequence": lambda: np.exp(loss / tokens).mean(),
        "bits-per-byte": lambda: loss.sum() / (np.log(2) * size.sum()),
    }


def texts(name):
    read = lines(name)
    generated, references = read["generated"], read["references"]
    if name == "ter":
        return {"ter": lambda: sacrebleu.corpus_ter(generated, [references]).score}
    return {
        "bleu": lambda: sacrebleu.corpus_bleu(generated, [references]).score,
        "chrf": lambda: sacrebleu.corpus_chrf(generated, [references]).score,
        "chrf++": lambda: CHRF(word_order=2).corpus_score(generated, [references]).score,
        **{ours: rouge(theirs, generated, references) for ours, theirs in ROUGE.items()},
        "exact-match": lambda: np.mean([g == r for g, r in zip(generated, references)]),
        **{name: squad_answer(name, generated, references) for name in SQUAD},
        "wer": lambda: jiwer.wer(references, generated),
        "cer": lambda: jiwer.cer(references, generated),
    }


ROUGE = {"rouge-1": "rouge1", "rouge-2": "rouge2", "rouge-l": "rougeL", "rouge-lsum": "rougeLsum"}


def rouge(kind, generated, references):
    scorer = RougeScorer([kind])
    return lambda: np.mean([scorer.score(r, g)[kind].fmeasure for r, g in zip(references, generated)])


SQUAD = ["squad-exact-match", "squad-f1", "squad2-exact-match", "squad2-f1"]


def squad_answer(name, generated, references):
    """The script of a version works out both of its figures at once."""
    choices = [[reference] for reference in references]
    return lambda: squad.answers(generated, choices, version=2 if "2" in name else 1)[name]


def tagging():
    read = lines("tagging")
    y, p = read["expected"], read["predicted"]
    return {
        "tag-accuracy": lambda: S.accuracy_score(y, p),
        **{
            f"entity-{name}-{average}{suffix}": partial(score, y, p, average=average, **options)
            for name, score in ENTITY_SCORES.items()
            for average in AVERAGES[:3]
            for suffix, options in MODES.items()
        },
    }


ENTITY_SCORES = {"precision": S.precision_score, "recall": S.recall_score, "f1": S.f1_score}
MODES = {"": {}, "-strict": {"mode": "strict", "scheme": IOB2}}


SETS = {
    "regression": regression,
    "binary": lambda: classes("binary", 2),
    "classes": lambda: classes("classes", 4),
    "multilabel": lambda: multilabel("multilabel"),
    "multilabel-samples": lambda: multilabel("multilabel-samples"),
    "ranking": ranking,
    "likelihood": likelihood,
    "texts": lambda: texts("texts"),
    "ter": lambda: texts("ter"),
    "tagging": tagging,
}


def main():
    loaded = {}
    for line in sys.stdin:
        name, metric, at_least = line.split()
        if name not in loaded:
            loaded = {name: SETS[name]()}
        print(*timed(loaded[name][metric], float(at_least)), flush=True)


def timed(call, at_least_ms):
    """Wall and processor milliseconds of a call, of which as many follow each other as fill some time, and its value."""
    calls, start, used = 0, time.perf_counter(), time.process_time()
    while calls == 0 or (time.perf_counter() - start) * 1000 < at_least_ms:
        value = call()
        calls += 1
    wall, cpu = time.perf_counter() - start, time.process_time() - used
    return wall * 1000 / calls, cpu * 1000 / calls, float(value)


main()
