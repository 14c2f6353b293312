"""Predicted classes with their probabilities, drawn for `classes.py` and `probabilities.py`."""
import draw

AVERAGES = ["macro", "micro", "weighted"]


def drawn(rng, binary_share):
    samples = draw.size(rng)
    classes = 2 if rng.random() < binary_share else rng.randrange(3, 6)
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
    return given


def expected_classes(rng, probabilities):
    kind = rng.randrange(6)
    classes = probabilities.shape[1]
    if kind == 0:
        return [rng.choice([0, classes - 1])] * len(probabilities)
    if kind < 3:
        return [rng.randrange(classes) for _ in probabilities]
    return [rng.choices(range(classes), weights=row)[0] for row in probabilities]


def predicted_classes(rng, probabilities):
    classes = probabilities.shape[1]
    if rng.random() < 0.2:
        return [rng.randrange(classes) for _ in probabilities]
    if rng.random() < 0.1:
        return [classes - 1] * len(probabilities)
    return probabilities.argmax(axis=1).tolist()
