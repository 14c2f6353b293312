"""Tagged sequences answered by seqeval, leniently (conlleval) and strictly (IOB2)."""
import draw  # noqa: F401
import seqeval.metrics as S
from seqeval.scheme import IOB2

SCORES = {"precision": S.precision_score, "recall": S.recall_score, "f1": S.f1_score}


def case(rng):
    places = rng.choice(["BIO", "BIO", "BIO", "IO", "BIOES"])
    types = rng.sample(["PER", "LOC", "ORG", "A-B", "é", "\U0001f600", "\uffee"], rng.randrange(1, 4))
    expected = [tags(rng, places, types) for _ in range(rng.randrange(1, 6))]
    share = rng.choice([0, 0.1, 0.5, 1])
    predicted = [[tag(rng, places, types) if rng.random() < share else old for old in row] for row in expected]
    given = {"expected": expected, "predicted": predicted, "isIob2": places != "BIOES"}
    return given, answers(given)


def tags(rng, places, types):
    if rng.random() < 0.1:
        return ["O"] * rng.randrange(1, 4)
    return [tag(rng, places, types) for _ in range(rng.randrange(1, 12))]


def tag(rng, places, types):
    place = rng.choice(places)
    if place == "O":
        return "O"
    return place if rng.random() < 0.03 else f"{place}-{rng.choice(types)}"


def answers(given):
    y, p = given["expected"], given["predicted"]
    found = {"tag-accuracy": S.accuracy_score(y, p)}
    has_entities = any(place[0] != "O" for rows in [y, p] for row in rows for place in row)
    is_strict = given["isIob2"] and any(place[0] == "B" for rows in [y, p] for row in rows for place in row)
    for name, score in SCORES.items():
        for average in ["micro", "macro", "weighted"]:
            if has_entities:
                found[f"entity-{name}-{average}"] = score(y, p, average=average)
            if is_strict:
                strict = score(y, p, average=average, mode="strict", scheme=IOB2)
                found[f"entity-{name}-{average}-strict"] = strict
    return found
