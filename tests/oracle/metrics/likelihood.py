"""Likelihoods answered by NumPy from the definitions."""
import math

import draw
import numpy as np


def case(rng):
    sequences = draw.size(rng)
    tokens = [rng.randrange(1, 50) for _ in range(sequences)]
    scale = rng.choice([0, 1e-6, 0.5, 3, 20, 700])
    loss = [count * scale * rng.random() for count in tokens]
    floor = [value * rng.random() for value in loss]
    given = {"loss": loss, "floor": floor, "tokens": tokens, "bytes": [count * rng.randrange(1, 6) for count in tokens]}
    return given, answers(given)


def answers(given):
    loss, tokens = np.array(given["loss"]), np.array(given["tokens"])
    return {
        "perplexity": math.exp(math.fsum(loss) / tokens.sum()),
        "perplexity-over-floor": math.exp((math.fsum(loss) - math.fsum(given["floor"])) / tokens.sum()),
        "perplexity-sequence": np.mean(np.exp(loss / tokens)),
        "bits-per-byte": np.sum(loss) / (np.log(2) * np.sum(given["bytes"])),
    }
