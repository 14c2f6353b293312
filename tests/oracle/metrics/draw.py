"""Random inputs: mostly ordinary, often tied, sometimes extreme. Every function takes a `random.Random`."""
import numpy as np

TEXT_ALPHABETS = [
    "the a cat sat on mat . , ! ? dog cats running",
    "le chat noir est à l' école ; « oui » — non …",
    "der Hund läuft größer Straße ß ẞ İstanbul ı",
    "the cat 的 猫 坐 在 垫子 上 。 你好 世界 !",
    "😀 👩‍👩‍👧 a😀b é é ﬁ ² ½ ٣ १ naïve",
    "3.14 1,000 -2 a-b u.s. 50% $5 &quot;x&quot; &amp; <skipped> e.g. x, y; ...",
    "don't it's A AN The THE an. (b) [c] {d} _e_ ~f~ ^g",
    "\u00a0 \u3000 \u200b \ufeff \x1c \x1f \x85 x\u2028y z\tw q",
    "ab abc abcd abcde abcdef abcdefg",
    "नमस्ते दुनिया مرحبا العالم こんにちは 世界 カタカナ 안녕",
    "猫、犬。 「家」 ，！ （b） ㈱ ㍉ カタ・カナ ひらがな 我的猫 it's dog's &lt; x-\n-y ⺀ ㇀ 豈",
]


def numbers(rng, count):
    """Finite numbers: one kind a call."""
    kind = rng.randrange(6)
    if kind == 0:
        return [float(rng.randrange(-3, 4)) for _ in range(count)]
    if kind == 1:
        return [round(rng.gauss(0, 10), 1) for _ in range(count)]
    if kind == 2:
        return [rng.gauss(rng.choice([0, 1e6]), 1) for _ in range(count)]
    if kind == 3:
        return [rng.gauss(0, 1) * 10.0 ** rng.randrange(-60, 60) for _ in range(count)]
    if kind == 4:
        return [rng.choice([0.0, -0.0, 1e-300, 5e-324, 1.0, -1.0, 1e15]) for _ in range(count)]
    return [rng.gauss(0, 1) for _ in range(count)]


def weights(rng, count):
    """Weights with a positive sum, or None."""
    kind = rng.randrange(5)
    if kind < 2:
        return None
    if kind == 2:
        drawn = [float(rng.randrange(4)) for _ in range(count)]
    elif kind == 3:
        drawn = [rng.random() for _ in range(count)]
    else:
        drawn = [rng.random() * 10.0 ** rng.randrange(-3, 4) for _ in range(count)]
    return drawn if sum(drawn) > 0 else None


def size(rng):
    """How many samples: few, and now and then many."""
    return rng.randrange(1, 8) if rng.random() < 0.5 else rng.randrange(8, 60)


def probabilities(rng, samples, classes):
    """Rows that sum to 1: smooth, tied, one-hot, nearly one-hot, or as a float32 softmax leaves them."""
    kind = rng.randrange(5)
    if kind == 0:
        raw = np.array([[rng.randrange(1, 4) for _ in range(classes)] for _ in range(samples)], float)
    elif kind == 1:
        raw = np.zeros((samples, classes))
        for row in raw:
            row[rng.randrange(classes)] = 1
    elif kind == 2:
        raw = np.full((samples, classes), 1.0)
    else:
        scale = rng.choice([3, 3, 100])
        logits = np.array([[rng.gauss(0, scale) for _ in range(classes)] for _ in range(samples)])
        raw = np.exp(logits - logits.max(axis=1, keepdims=True))
    rows = raw / raw.sum(axis=1, keepdims=True)
    if kind == 3:
        rows = rows.astype(np.float32).astype(float)
    return np.clip(rows, 0, 1)


def words(rng, alphabet, count):
    pieces = alphabet.split(" ")
    return [rng.choice(pieces) for _ in range(count)]


def text(rng):
    """A text of any of the alphabets, sometimes empty or blank."""
    if rng.random() < 0.06:
        return rng.choice(["", " ", "\n", ".", "the"])
    alphabet = rng.choice(TEXT_ALPHABETS)
    separator = rng.choice([" ", " ", " ", " ", "  ", "", "\n"])
    most = 120 if rng.random() < 0.03 else 14
    return separator.join(words(rng, alphabet, rng.randrange(0, most)))


def edited(rng, source):
    """A text near another: words dropped, doubled, moved, recased or replaced."""
    if rng.random() < 0.08:
        return text(rng)
    tokens = source.split(" ")
    for _ in range(rng.randrange(0, 5)):
        change(rng, tokens)
    return " ".join(tokens)


def change(rng, tokens):
    at = rng.randrange(len(tokens)) if tokens else 0
    kind = rng.randrange(6)
    if kind == 0 and tokens:
        tokens.pop(at)
    elif kind == 1 and tokens:
        tokens.insert(at, rng.choice(tokens))
    elif kind == 2 and tokens:
        tokens.insert(rng.randrange(len(tokens)), tokens.pop(at))
    elif kind == 3 and tokens:
        tokens[at] = rng.choice([tokens[at].upper(), tokens[at].capitalize(), tokens[at].lower()])
    elif kind == 4:
        tokens.insert(at, rng.choice(words(rng, rng.choice(TEXT_ALPHABETS), 1)))
    elif tokens and len(tokens) > 3:
        start = rng.randrange(len(tokens) - 2)
        block = tokens[start : start + 2]
        del tokens[start : start + 2]
        where = rng.randrange(len(tokens) + 1)
        tokens[where:where] = block
