"""Ranking cases: NDCG answered by scikit-learn, the rest by trec_eval through pytrec_eval."""
import numpy as np
import pytrec_eval
import sklearn.metrics as M

import draw

CUTS = [1, 3, 10]
MEASURES = {"recip_rank", "map_cut.1,3,10", "recall.1,3,10", "success.1,3,10"}


def case(rng):
    queries = rng.randrange(1, 6)
    candidates = rng.randrange(2, 15)
    count = queries * candidates
    given = {
        "candidates": candidates,
        "scores": single(draw_scores(rng, count)),
        "gains": [rng.choice([0, 0, 0, 1, 1, 2, 3]) if rng.random() < 0.9 else 0 for _ in range(count)],
    }
    return given, answers(given)


def draw_scores(rng, count):
    if rng.random() < 0.3:
        return [float(rng.randrange(3)) for _ in range(count)]
    return [rng.gauss(0, 1) for _ in range(count)]


def single(values):
    """trec_eval reads scores in single precision."""
    return np.array(values, np.float32).astype(float).tolist()


def answers(given):
    shape = (-1, given["candidates"])
    scores, gains = np.array(given["scores"]).reshape(shape), np.array(given["gains"]).reshape(shape)
    found = {"ndcg": M.ndcg_score(gains, scores)}
    for cut in CUTS:
        found[f"ndcg@{cut}"] = M.ndcg_score(gains, scores, k=cut)
    results = trec(scores, gains)
    found["mrr"] = mean(results, "recip_rank")
    for cut in CUTS:
        found[f"map@{cut}"] = mean(results, f"map_cut_{cut}")
        found[f"recall@{cut}"] = mean(results, f"recall_{cut}")
        found[f"hit-rate@{cut}"] = mean(results, f"success_{cut}")
    return found


def trec(scores, gains):
    """Names rise with the position, so that trec_eval's order of equal scores is the later first."""
    run = {f"q{q}": {f"d{d:04}": float(score) for d, score in enumerate(row)} for q, row in enumerate(scores)}
    relevance = {f"q{q}": {f"d{d:04}": int(gain) for d, gain in enumerate(row)} for q, row in enumerate(gains)}
    return list(pytrec_eval.RelevanceEvaluator(relevance, MEASURES).evaluate(run).values())


def mean(results, measure):
    return sum(result[measure] for result in results) / len(results)
