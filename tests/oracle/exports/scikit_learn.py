"""scikit-learn pipelines as skl2onnx writes them: ZipMap, labels that are words, inputs that are text, float64."""

import numpy as np
import pandas as pd
import skl2onnx
import sklearn
from golden import write
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

made_by = f"scikit-learn {sklearn.__version__}, skl2onnx {skl2onnx.__version__}"
random = np.random.default_rng(20)
rows, shown = 240, 12
x = random.normal(size=(rows, 4)).astype(np.float32)
trees = np.array(["oak", "ash", "élan"])[np.digitize(x[:, 0] + x[:, 1], [-0.6, 0.6])]
head = x[:shown]


def classifier(name, model, labels, **options):
    model.fit(x, labels)
    exported = to_onnx(model, x[:1], options={id(model): options} if options else None)
    label, scores = ("label", "probabilities") if options else ("output_label", "output_probability")
    outputs = {label: model.predict(head), scores: model.predict_proba(head)}
    write(name, exported, {"madeBy": made_by, "classes": model.classes_, "inputs": {"X": head}, "outputs": outputs})


classifier("sklearn-logistic-words", LogisticRegression(), trees)
numbered = np.array([3, 1, 7])[np.unique(trees, return_inverse=True)[1]]
classifier("sklearn-forest-numbers", RandomForestClassifier(5, max_depth=3, random_state=0), numbered)
classifier("sklearn-bayes-tensor", GaussianNB(), trees, zipmap=False)

# Numbers with gaps and words side by side, each column an input of its own.
frame = pd.DataFrame({"height": x[:, 0], "width": x[:, 1], "soil": random.choice(["clay", "sand", "peat"], rows)})
frame.loc[::7, "width"] = np.nan
target = np.where(frame["height"] + (frame["soil"] == "clay") + random.normal(size=rows) / 4 > 0.5, "grows", "withers")
numbers = make_pipeline(SimpleImputer(), StandardScaler())
columns = ColumnTransformer([("n", numbers, ["height", "width"]), ("c", OneHotEncoder(), ["soil"])])
mixed = make_pipeline(columns, LogisticRegression()).fit(frame, target)
ports = [("height", FloatTensorType([None, 1])), ("width", FloatTensorType([None, 1])), ("soil", StringTensorType([None, 1]))]
first = frame.head(shown)
inputs = {key: first[[key]].to_numpy(np.float32) for key in ("height", "width")} | {"soil": first[["soil"]].to_numpy(object)}
outputs = {"output_label": mixed.predict(first), "output_probability": mixed.predict_proba(first)}
write(
    "sklearn-columns",
    skl2onnx.convert_sklearn(mixed, "columns", ports),
    {"madeBy": made_by, "classes": mixed.classes_, "inputs": inputs, "outputs": outputs},
)

words = ["rain", "sun", "wind", "snow", "fog"]
texts = np.array([" ".join(random.choice(words, 4)) for _ in range(rows)], dtype=object)
wet = np.array([int("rain" in text or "snow" in text) for text in texts])
reader = make_pipeline(TfidfVectorizer(lowercase=False, token_pattern=r"[a-zA-Z]+"), LogisticRegression()).fit(texts, wet)
write(
    "sklearn-texts",
    skl2onnx.convert_sklearn(reader, "texts", [("text", StringTensorType([None, 1]))]),
    {
        "madeBy": made_by,
        "classes": reader.classes_,
        "inputs": {"text": texts[:shown, None]},
        "outputs": {"output_label": reader.predict(texts[:shown]), "output_probability": reader.predict_proba(texts[:shown])},
    },
)

doubles = x.astype(np.float64)
price = doubles @ [3.0, -2.0, 0.5, 0.0] + doubles[:, 0] ** 2
line = make_pipeline(StandardScaler(), LinearRegression()).fit(doubles, price)
write(
    "sklearn-linear-double",
    skl2onnx.convert_sklearn(line, "linear", [("X", DoubleTensorType([None, 4]))]),
    {"madeBy": made_by, "inputs": {"X": doubles[:shown]}, "outputs": {"variable": line.predict(doubles[:shown])[:, None]}},
)
boosted = GradientBoostingRegressor(n_estimators=8, max_depth=2, random_state=0).fit(x, price)
write(
    "sklearn-boosted-regression",
    to_onnx(boosted, x[:1]),
    {"madeBy": made_by, "inputs": {"X": head}, "outputs": {"variable": boosted.predict(head)[:, None].astype(np.float32)}},
)
two = LinearRegression().fit(x, np.column_stack([price, -price]))
write(
    "sklearn-two-outputs",
    to_onnx(two, x[:1]),
    {"madeBy": made_by, "inputs": {"X": head}, "outputs": {"variable": two.predict(head).astype(np.float32)}},
)
