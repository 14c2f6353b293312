"""SQuAD's published evaluation scripts, as two packages carry them; the packages themselves are never imported."""
import importlib.util
import pathlib


def script(package, path):
    folder = pathlib.Path(importlib.util.find_spec(package).submodule_search_locations[0])
    spec = importlib.util.spec_from_file_location(f"{package}_script", folder / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


V1 = script("allennlp", "tools/squad_eval.py")
V2 = script("farm", "evaluation/squad_evaluation.py")


def answers(texts, references, version=None):
    """Percentages of one version or of both, for texts with one or more references each."""
    questions = [
        {"id": str(number), "answers": [{"text": choice} for choice in choices]}
        for number, choices in enumerate(references)
    ]
    dataset = [{"paragraphs": [{"qas": questions}]}]
    predictions = {str(number): text for number, text in enumerate(texts)}
    found = {}
    if version != 2:
        v1 = V1.evaluate(dataset, predictions)
        found |= {"squad-exact-match": v1["exact_match"], "squad-f1": v1["f1"]}
    if version != 1:
        v2 = V2.make_eval_dict(*V2.get_raw_scores(dataset, predictions))
        found |= {"squad2-exact-match": v2["exact"], "squad2-f1": v2["f1"]}
    return found
