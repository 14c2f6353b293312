"""Writes tests/golden/statistics/*.json; README.md beside this file says how and why."""

import itertools
import json
from pathlib import Path

import numpy as np
import statsmodels.api as sm
from scipy import optimize, special, stats
from sklearn.metrics import roc_auc_score
from statsmodels.stats.multitest import multipletests

GOLDEN = Path(__file__).parents[2] / "golden" / "statistics"


def distributions():
    xs = [-37.5, -12.0, -6.1, -3.0, -1.96, -0.7, -1e-9, 0.0, 0.3, 1.0, 1.4142, 2.5, 2.9, 5.5, 8.0]
    ps = [1e-300, 1e-40, 1e-12, 1e-5, 0.0025, 0.025, 0.0751, 0.3, 0.5, 0.50001, 0.9, 0.925, 0.95, 0.99875, 1 - 1e-9]
    freedoms = [1, 2, 3.5, 9, 30, 299, 1e4, 1e7]
    ts = [-60.0, -8.0, -2.5, -0.4, 0.0, 1e-6, 0.9, 1.96, 3.3, 12.7]
    betas = [(0.5, 0.5), (1, 1), (2.5, 0.5), (12, 30), (0.5, 400), (150.5, 149.5), (5000, 90), (2e5, 3e5)]
    binomials = [(k, n, p) for n, p in [(1, 0.5), (20, 0.5), (59, 0.95), (297, 0.01), (3000, 0.99), (1000000, 0.3)]
                 for k in sorted({0, 1, n // 3, int(n * p), int(n * p) + 3, n - 1, n})]
    fs = [(x, a, b) for a, b in [(1, 1), (2, 17), (5, 5), (30, 4), (120, 900)] for x in [0.01, 0.5, 1.0, 1.7, 4.2, 30.0]]
    gammas = [1e-8, 0.1, 0.5, 0.999, 1.0, 1.5, 2.0, 2.001, 3.7, 14.9, 15.0, 15.1, 170.0, 1e5, 1e10]
    lower = [1e-12, 1e-4, 0.0025, 0.025, 0.2, 0.4999, 0.5, 0.6, 0.975, 0.9975]
    return {
        "normalCdf": [[x, stats.norm.cdf(x)] for x in xs],
        "normalQuantile": [[p, stats.norm.ppf(p)] for p in ps],
        "errorFunction": [[x, special.erf(x)] for x in xs],
        "complementaryErrorFunction": [[x, special.erfc(x)] for x in xs if x < 26],
        "logGamma": [[x, special.gammaln(x)] for x in gammas],
        "studentTCdf": [[t, f, stats.t.cdf(t, f)] for f in freedoms for t in ts],
        "studentTQuantile": [[p, f, stats.t.ppf(p, f)] for f in freedoms for p in lower],
        "incompleteBeta": [[x, a, b, special.betainc(a, b, x)] for a, b in betas for x in beta_points(a, b)],
        "binomialCdf": [[k, n, p, stats.binom.cdf(k, n, p)] for k, n, p in binomials],
        "fCdf": [[x, a, b, stats.f.cdf(x, a, b)] for x, a, b in fs],
    }


def beta_points(a, b):
    centre, spread = a / (a + b), np.sqrt(a * b / (a + b) ** 2 / (a + b + 1))
    return sorted({float(np.clip(centre + k * spread, 1e-6, 1 - 1e-6)) for k in (-3, -1, -0.1, 0, 0.5, 2)} | {0.0, 1.0})


def proportions():
    wilson = [(0, 5), (5, 5), (1, 1), (7, 20), (870, 1000), (99990, 100000)]
    mcnemar = [(15, 5), (0, 0), (1, 0), (4, 4), (0, 12), (230, 190)]
    tango = [(1000, 15, 5), (50, 0, 0), (50, 3, 0), (50, 0, 7), (12, 6, 6), (3, 3, 0), (1, 0, 1), (20000, 210, 190), (100, 100, 0)]
    return {
        "wilson": [[k, n, level, *wilson_interval(k, n, level)] for k, n in wilson for level in (0.9, 0.95, 0.99)],
        "mcnemar": [[b, c, *mcnemar_p(b, c)] for b, c in mcnemar],
        "tango": [[n, b, c, level, *tango_interval(n, b, c, level)] for n, b, c in tango for level in (0.9, 0.95)],
    }


def wilson_interval(k, n, level):
    interval = stats.binomtest(k, n).proportion_ci(level, method="wilson")
    return interval.low, interval.high


def mcnemar_p(b, c):
    if b + c == 0:
        return 1.0, 1.0
    exact = stats.binomtest(min(b, c), b + c).pvalue
    mid = min(1.0, 2 * stats.binom.cdf(min(b, c), b + c, 0.5) - stats.binom.pmf(min(b, c), b + c, 0.5))
    return exact, mid


def tango_interval(n, only_baseline, only_variant, level):
    """Inverts the score test; the constrained likelihood is maximised by root finding, not by Tango's formula."""
    z, estimate = stats.norm.ppf((1 + level) / 2), (only_variant - only_baseline) / n

    def rarer(delta):
        """The share of only-baseline samples, found as its distance from the least it can be: neither share may be negative."""
        least, room = max(0.0, -delta), 1 - abs(delta)

        def slope(above):
            rest, q, other = n - only_baseline - only_variant, least + above, max(0.0, delta) + above
            return (only_variant * q + only_baseline * other) * (room - 2 * above) - 2 * rest * q * other

        inside = 1e-15 * room
        if slope(inside) <= 0:
            return least
        return least + (room / 2 if slope(room / 2) >= 0 else optimize.brentq(slope, inside, room / 2, xtol=1e-17, rtol=1e-15))

    def score(delta):
        variance = n * (2 * rarer(delta) + delta * (1 - delta))
        distance = only_variant - only_baseline - n * delta
        return 0.0 if distance == 0 else distance / np.sqrt(max(variance, 1e-300))

    def solve(target, end):
        near = estimate + (end - estimate) * 1e-13
        if (score(near) - target) * (score(end * (1 - 1e-15)) - target) > 0:
            return end
        return optimize.brentq(lambda d: score(d) - target, near, end * (1 - 1e-15), xtol=1e-16, rtol=1e-14)

    low = -1.0 if estimate == -1 else solve(z, -1.0)
    high = 1.0 if estimate == 1 else solve(-z, 1.0)
    return low, high


def ranks(rng):
    samples = [rng.normal(0.3, 1, n).round(6).tolist() for n in (1, 2, 5, 8, 10, 14, 20, 28)]
    tied = [[1, 1, -1, 2, 0], [0.5, -0.5, 1.5, 1.5, -2, 3, 3, 0, 0], [2, 2, 2, 2, 2, 2], [-1, -2, -2, -3, 4, -4, -4]]
    tests = [[s, alternative, stats.wilcoxon(s, alternative=alternative, method="exact").pvalue]
             for s in samples for alternative in ("two-sided", "greater", "less")]
    exhaustive = stats.PermutationMethod(n_resamples=np.inf)
    tests += [[s, alternative, stats.wilcoxon(s, alternative=alternative, method=exhaustive).pvalue]
              for s in tied for alternative in ("two-sided", "greater", "less")]
    intervals = [[s, level, *walsh_interval(s, level)] for s in samples if 2 <= len(s) <= 14 for level in (0.8, 0.95, 0.995)]
    return {"signedRankP": tests, "signedRankInterval": intervals}


def walsh_interval(sample, level):
    """Counts every one of the 2^n assignments of signs: estimate, bounds and the level they attain."""
    n = len(sample)
    averages = np.sort([(sample[i] + sample[j]) / 2 for i in range(n) for j in range(i, n)])
    sums = np.array([sum(r for r, keep in zip(range(1, n + 1), signs) if keep) for signs in itertools.product((0, 1), repeat=n)])
    trimmed = [k for k in range(1, len(averages) // 2 + 1) if np.mean(sums <= k - 1) <= (1 - level) / 2]
    k = max(trimmed, default=1)
    attained = level if trimmed else 1 - 2 * np.mean(sums <= 0)
    return float(np.median(averages)), averages[k - 1], averages[-k], attained


def quantiles(rng):
    sample = rng.exponential(1, 80).round(6).tolist()
    values = [[sample[:n], p, float(np.quantile(sample[:n], p))] for n in (1, 2, 7, 80) for p in (0, 0.1, 0.5, 0.9, 1)]
    intervals = []
    for n, p, level in [(8, 0.5, 0.95), (20, 0.5, 0.95), (80, 0.5, 0.99), (80, 0.9, 0.9), (80, 0.9, 0.95), (80, 0.25, 0.95), (5, 0.5, 0.95)]:
        found = stats.quantile_test(sample[:n], p=p).confidence_interval(level)
        bounds = [float(found.low), float(found.high)]
        intervals.append([sample[:n], p, level, None if np.isnan(bounds).any() else bounds])
    return {"quantile": values, "quantileInterval": intervals}


def means(rng):
    samples = [rng.gamma(2, 1, n).round(6).tolist() for n in (2, 6, 40)]
    intervals = []
    for sample in samples:
        found = stats.ttest_1samp(sample, 0).confidence_interval(0.95)
        intervals.append([sample, 0.95, found.low, found.high])
    scores = rng.normal(0, 1, 30).round(6)
    clusters = [f"c{i % 7}" for i in range(30)]
    codes = np.array([i % 7 for i in range(30)])
    robust = sm.OLS(scores, np.ones(30)).fit(cov_type="cluster", cov_kwds={"groups": codes, "use_correction": True})
    deviations = scores - scores.mean()
    cross = sum(deviations[i] * deviations[j] for i in range(30) for j in range(30) if i != j and codes[i] == codes[j])
    miller = np.sqrt(scores.var(ddof=1) / 30 + cross / 30**2)
    signs = [[s, stats.permutation_test((s,), lambda x, axis: x.sum(axis=axis), permutation_type="samples", n_resamples=np.inf).pvalue]
             for s in ([0.5, 0.7], [1.0, -0.25, 0.5], rng.normal(0.5, 1, 12).round(4).tolist(), [1, 1, 1, -1, 2, -2, 0])]
    p_values = rng.uniform(0, 0.2, 9).round(5).tolist() + [0.0004, 0.0004, 0.9]
    return {
        "meanInterval": intervals,
        "clustered": {"scores": scores.tolist(), "clusters": clusters, "C/(C-1)": float(robust.bse[0]), "miller": float(miller)},
        "signFlipP": signs,
        "holm": {"p": p_values, "adjusted": multipletests(p_values, method="holm")[1].tolist()},
    }


def bootstraps(rng):
    cases = []
    for n, statistic in ((12, "mean"), (40, "mean"), (40, "variance")):
        data = rng.lognormal(0, 0.8, n).round(6)
        compute = np.mean if statistic == "mean" else lambda x, axis: np.var(x, axis=axis, ddof=1)
        drawn = stats.bootstrap((data,), compute, n_resamples=999, method="percentile", rng=rng)
        bca = stats.bootstrap((data,), compute, n_resamples=0, bootstrap_result=drawn, method="BCa")
        cases.append({
            "statistic": statistic,
            "data": data.tolist(),
            "replicates": drawn.bootstrap_distribution.round(12).tolist(),
            "percentile": list(drawn.confidence_interval),
            "bca": list(bca.confidence_interval),
        })
    return cases


def areas(rng):
    cases = []
    for n, labels in ((12, 2), (60, 2), (90, 3)):
        expected = rng.integers(0, labels, n)
        scores = [(rng.normal(0, 1, (n, labels)) + 1.2 * np.eye(labels)[expected] + shift).round(1) for shift in (0, rng.normal(0, 0.4, (n, labels)))]
        asked = [1] if labels == 2 else range(labels)
        estimates = [mean_area(expected, s, asked) for s in scores]
        checked = [np.mean([roc_auc_score(expected == c, s[:, c]) for c in asked]) for s in scores]
        assert np.allclose([e[0] for e in estimates], checked, atol=1e-12)
        cases.append({
            "expected": expected.tolist(),
            "baseline": scores[0].tolist(),
            "variant": scores[1].tolist(),
            "areas": [float(e[0]) for e in estimates],
            "variance": float(estimates[0][1] @ estimates[0][1]),
            "differenceVariance": float((estimates[1][1] - estimates[0][1]) @ (estimates[1][1] - estimates[0][1])),
        })
    return cases


def mean_area(expected, scores, asked):
    """DeLong's structural components from every pair of a positive and a negative."""
    total, influences = 0.0, np.zeros(len(expected))
    for c in asked:
        positive, negative = np.flatnonzero(expected == c), np.flatnonzero(expected != c)
        wins = np.array([[1.0 if scores[i, c] > scores[j, c] else 0.5 if scores[i, c] == scores[j, c] else 0.0 for j in negative] for i in positive])
        area, m, n = wins.mean(), len(positive), len(negative)
        total += area
        influences[positive] += (wins.mean(axis=1) - area) / np.sqrt(m * (m - 1))
        influences[negative] += (wins.mean(axis=0) - area) / np.sqrt(n * (n - 1))
    return total / len(asked), influences / len(asked)


def write(name, value):
    GOLDEN.mkdir(parents=True, exist_ok=True)
    plain = json.dumps(value, default=float, separators=(",", ":"))
    (GOLDEN / f"{name}.json").write_text(plain + "\n")


if __name__ == "__main__":
    rng = np.random.default_rng(20240417)
    write("distributions", distributions())
    write("proportions", proportions())
    write("ranks", ranks(rng))
    write("quantiles", quantiles(rng))
    write("means", means(rng))
    write("bootstraps", bootstraps(rng))
    write("areas", areas(rng))
