"""Generated texts answered by sacrebleu, rouge-score, jiwer and SQuAD's evaluation scripts."""
import logging

import draw
import jiwer
import sacrebleu
import squad
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF, TER

logging.getLogger("sacrebleu").setLevel(logging.ERROR)
ROUGE = {"rouge1": "rouge-1", "rouge2": "rouge-2", "rougeL": "rouge-l", "rougeLsum": "rouge-lsum"}
SCORER = RougeScorer(list(ROUGE))


def case(rng):
    segments = rng.randrange(1, 5)
    most = rng.choice([1, 1, 2, 3])
    references = [references_of(rng, most) for _ in range(segments)]
    texts = [draw.edited(rng, rng.choice(choices)) for choices in references]
    given = {
        "texts": texts,
        "references": references,
        "bleu": {
            "lowercase": rng.random() < 0.5,
            "tokenize": rng.choice(["13a", "intl", "zh", "char", "none"]),
            "smooth_method": rng.choice(["none", "floor", "add-k", "exp"]),
            "effective_order": rng.random() < 0.5,
        },
        "chrf": {
            "word_order": rng.randrange(3),
            "char_order": rng.choice([1, 4, 6]),
            "beta": rng.choice([1, 2, 3]),
            "lowercase": rng.random() < 0.5,
            "whitespace": rng.random() < 0.5,
            "eps_smoothing": rng.random() < 0.5,
        },
        "ter": {
            name: rng.random() < 0.5
            for name in ["normalized", "no_punct", "asian_support", "case_sensitive"]
        },
    }
    return given, answers(given)


def references_of(rng, most):
    first = draw.text(rng)
    return [first] + [draw.edited(rng, first) for _ in range(rng.randrange(most) if most > 1 else 0)]


def answers(given):
    texts, references = given["texts"], given["references"]
    if all(not reference.strip() for choices in references for reference in choices):
        names = ["bleu", "chrf", "chrf++", "ter", "wer", "cer", *ROUGE.values()]
        return {**dict.fromkeys(names), **squad.answers(texts, references)}
    first = [choices[0] for choices in references]
    return {
        **sacrebleu_answers(given, texts, streams(references)),
        **rouge(texts, references),
        **squad.answers(texts, references),
        "exact-match": sum(text in choices for text, choices in zip(texts, references)) / len(texts),
        "wer": edit_rate(jiwer.process_words(first, texts)),
        "cer": edit_rate(jiwer.process_characters(first, texts)),
    }


def streams(references):
    """sacrebleu's layout: the first reference of all, the second of all, with None where there is none."""
    most = max(len(choices) for choices in references)
    return [[choices[n] if n < len(choices) else None for choices in references] for n in range(most)]


def sacrebleu_answers(given, texts, references):
    found = {}
    metrics = {"bleu": BLEU(), "chrf": CHRF(), "chrf++": CHRF(word_order=2), "ter": TER()}
    for name, metric in metrics.items():
        found[name] = metric.corpus_score(texts, references).score
        found[f"{name} signature"] = metric.get_signature().format()
    bleu, chrf, ter = BLEU(**given["bleu"]), CHRF(**given["chrf"]), TER(**given["ter"])
    score = bleu.corpus_score(texts, references)
    found["bleu options"] = [score.score, *score.precisions, score.bp, score.sys_len, score.ref_len]
    found["bleu options signature"] = bleu.get_signature().format()
    found["chrf options"] = chrf.corpus_score(texts, references).score
    found["chrf options signature"] = chrf.get_signature().format()
    found["ter options"] = ter.corpus_score(texts, references).score
    found["ter options signature"] = ter.get_signature().format()
    found["sentence bleu"] = sacrebleu.sentence_bleu(texts[0], given["references"][0]).score
    return found


def rouge(texts, references):
    scores = [SCORER.score_multi(choices, text) for text, choices in zip(texts, references)]
    return {name: sum(score[kind].fmeasure for score in scores) / len(scores) for kind, name in ROUGE.items()}


def edit_rate(output):
    edits = output.substitutions + output.deletions + output.insertions
    length = output.hits + output.substitutions + output.deletions
    return edits / length if length else None
