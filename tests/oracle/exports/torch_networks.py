"""PyTorch modules by both of its exporters, one with its weights in another file, and a Transformers folder."""

import warnings

import numpy as np
import torch
import transformers
from golden import folder, write
from torch import nn

warnings.filterwarnings("ignore")
made_by = f"PyTorch {torch.__version__}"
torch.manual_seed(23)
random = np.random.default_rng(23)
shown = 5


class Image(nn.Module):
    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(1, 4, 3, padding=1)
        self.normal = nn.BatchNorm2d(4)
        self.head = nn.Linear(4 * 4 * 4, 3)

    def forward(self, image):
        seen = nn.functional.max_pool2d(torch.relu(self.normal(self.convolution(image))), 2)
        return self.head(seen.flatten(1))


class Words(nn.Module):
    """int64 words, of which a mask says which are there, to a value and a decision."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 4)
        self.recurrent = nn.LSTM(4, 5, batch_first=True)
        self.head = nn.Linear(5, 1)

    def forward(self, words, mask):
        read, _ = self.recurrent(self.embedding(words))
        mean = (read * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        value = self.head(mean)
        return value, value > 0


def fit(model, inputs):
    """A step, so that no weight or running mean is what an initialiser left."""
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(2):
        first = model(*inputs)
        loss = (first[0] if isinstance(first, tuple) else first).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.eval()


def save(name, model, inputs, options):
    given = {key: torch.from_numpy(values) for key, values in inputs.items()}
    fit(model, list(given.values()))
    names, classes = options.pop("names"), options.pop("classes", None)
    file = folder / f"{name}.onnx"
    torch.onnx.export(
        model, tuple(given.values()), file, input_names=list(given), output_names=names, verbose=False, **options
    )
    answers = model(*given.values())
    answers = answers if isinstance(answers, tuple) else (answers,)
    outputs = {key: answer.detach().numpy() for key, answer in zip(names, answers)}
    case = {"madeBy": made_by, "inputs": inputs, "outputs": outputs}
    write(name, None, case if classes is None else {**case, "classes": classes})


image = {"image": random.normal(size=(shown, 1, 8, 8)).astype(np.float32)}
rows = torch.export.Dim("rows")
save(
    "torch-image",
    Image(),
    image,
    {"names": ["scores"], "dynamo": True, "dynamic_shapes": {"image": {0: rows}}, "external_data": True},
)
save("torch-image-traced", Image(), image, {"names": ["scores"], "dynamo": False, "dynamic_axes": {"image": {0: "rows"}}})
words = {
    "words": random.integers(0, 11, (shown, 6)),
    "mask": (random.random((shown, 6)) < 0.7).astype(np.float32) + np.eye(shown, 6, dtype=np.float32),
}
both = {0: "rows", 1: "length"}
save(
    "torch-words",
    Words(),
    words,
    {"names": ["value", "decision"], "dynamo": False, "dynamic_axes": {"words": both, "mask": both}},
)

# A folder as Hugging Face's exporter lays it out: config.json with the classes, and onnx/model.onnx.
config = transformers.BertConfig(
    vocab_size=24,
    hidden_size=8,
    num_hidden_layers=1,
    num_attention_heads=2,
    intermediate_size=16,
    max_position_embeddings=12,
    type_vocab_size=1,
    id2label={0: "calm", 1: "angry", 2: "glad"},
    label2id={"calm": 0, "angry": 1, "glad": 2},
    attn_implementation="eager",
)
classifier = transformers.BertForSequenceClassification(config)


class Scores(nn.Module):
    def __init__(self):
        super().__init__()
        self.classifier = classifier

    def forward(self, input_ids, attention_mask):
        return self.classifier(input_ids=input_ids, attention_mask=attention_mask).logits


laid_out = folder / "transformers-classifier"
(laid_out / "onnx").mkdir(parents=True, exist_ok=True)
config.architectures = ["BertForSequenceClassification"]
config.save_pretrained(laid_out)
texts = {
    "input_ids": random.integers(1, 24, (shown, 6)),
    "attention_mask": (np.arange(6) < random.integers(3, 7, (shown, 1))).astype(np.int64),
}
axes = {"input_ids": both, "attention_mask": both}
save(
    "transformers-classifier/onnx/model",
    Scores(),
    texts,
    {"names": ["logits"], "dynamo": False, "dynamic_axes": axes, "classes": list(config.id2label.values())},
)
