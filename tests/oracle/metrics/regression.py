"""Regression cases answered by scikit-learn; sMAPE by NumPy from its definition."""
import draw
import numpy as np
import sklearn.metrics as M

# The same as `roundingShare` of tasks/metrics/regression-doubts.ts: what is left out here has a doubt there.
SPREAD_SHARE = 1e-7


def case(rng):
    samples = draw.size(rng)
    outputs = 1 if rng.random() < 0.7 else rng.randrange(2, 4)
    expected = draw.numbers(rng, samples * outputs)
    predicted = near(rng, expected) if rng.random() < 0.7 else draw.numbers(rng, samples * outputs)
    if rng.random() < 0.6:
        expected, predicted = [abs(value) for value in expected], [abs(value) for value in predicted]
    given = {"expected": expected, "predicted": predicted, "outputs": outputs, "weights": draw.weights(rng, samples)}
    return given, answers(given)


def near(rng, expected):
    scale = rng.choice([0, 0.1, 1])
    return [value + rng.gauss(0, 1) * scale * rng.choice([1, abs(value)]) for value in expected]


def answers(given):
    outputs = given["outputs"]
    y = np.array(given["expected"]).reshape(-1, outputs)
    p = np.array(given["predicted"]).reshape(-1, outputs)
    w = None if given["weights"] is None else np.array(given["weights"])
    found = {
        "mse": M.mean_squared_error(y, p, sample_weight=w),
        "rmse": M.root_mean_squared_error(y, p, sample_weight=w),
        "mae": M.mean_absolute_error(y, p, sample_weight=w),
        "median-ae": M.median_absolute_error(y, p, sample_weight=w),
        "mape": M.mean_absolute_percentage_error(y, p, sample_weight=w),
        "smape": symmetric(y, p, w),
        "pinball@0.5": M.mean_pinball_loss(y, p, sample_weight=w, alpha=0.5),
        "pinball@0.9": M.mean_pinball_loss(y, p, sample_weight=w, alpha=0.9),
        "pinball@0": M.mean_pinball_loss(y, p, sample_weight=w, alpha=0),
    }
    if outputs == 1:
        found["max-error"] = M.max_error(y, p)
    if (y > -1).all() and (p > -1).all():
        found["msle"] = M.mean_squared_log_error(y, p, sample_weight=w)
        found["rmsle"] = M.root_mean_squared_log_error(y, p, sample_weight=w)
    if len(y) < 2 or well_conditioned(y, p, w):
        found["r2"] = M.r2_score(y, p, sample_weight=w)
        found["r2-variance-weighted"] = M.r2_score(y, p, sample_weight=w, multioutput="variance_weighted")
        if len(y) > 1:
            found["explained-variance"] = M.explained_variance_score(y, p, sample_weight=w)
    return found


def symmetric(y, p, w):
    size = np.abs(y) + np.abs(p)
    share = np.divide(2 * np.abs(y - p), size, out=np.zeros_like(size), where=size != 0)
    return np.average(np.average(share, axis=0, weights=w))


def well_conditioned(y, p, w):
    """Whether scikit-learn's own spread of y, and of the errors, is more than rounding."""
    return all(spread_is_real(column, w) for column in [*y.T, *(y - p).T])


def spread_is_real(values, w):
    mean = np.average(values, weights=w)
    spread = np.sqrt(np.average((values - mean) ** 2, weights=w))
    return spread > SPREAD_SHARE * np.abs(values).max() and spread > 1e-100 or np.all(values == 0)
