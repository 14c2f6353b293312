"""XGBoost and LightGBM trees as onnxmltools writes them, with values that are missing."""

import lightgbm
import numpy as np
import onnxmltools
import xgboost
from golden import write
from onnxmltools.convert.common.data_types import FloatTensorType

random = np.random.default_rng(21)
rows, shown = 300, 12
x = random.normal(size=(rows, 4)).astype(np.float32)
x[random.random((rows, 4)) < 0.1] = np.nan
known = np.nan_to_num(x)
three = np.digitize(known[:, 0] + known[:, 1], [-0.6, 0.6])
price = known @ np.array([3.0, -2.0, 0.5, 0.0], dtype=np.float32)
head = x[:shown]
port = [("X", FloatTensorType([None, 4]))]
by_xgboost = f"XGBoost {xgboost.__version__}, onnxmltools {onnxmltools.__version__}"
by_lightgbm = f"LightGBM {lightgbm.__version__}, onnxmltools {onnxmltools.__version__}"
small = {"n_estimators": 6, "max_depth": 3, "random_state": 0}
quiet = {**small, "verbosity": -1, "min_child_samples": 5}


def classifier(name, model, labels, how):
    convert, made_by = how
    model.fit(x, labels)
    outputs = {"label": model.predict(head), "probabilities": model.predict_proba(head)}
    case = {"madeBy": made_by, "classes": model.classes_, "inputs": {"X": head}, "outputs": outputs}
    write(name, convert(model, initial_types=port), case)


def regression(name, model, how):
    convert, made_by = how
    model.fit(x, price)
    outputs = {"variable": model.predict(head)[:, None].astype(np.float32)}
    write(name, convert(model, initial_types=port), {"madeBy": made_by, "inputs": {"X": head}, "outputs": outputs})


of_xgboost = (onnxmltools.convert_xgboost, by_xgboost)
of_lightgbm = (onnxmltools.convert_lightgbm, by_lightgbm)
classifier("xgboost-three", xgboost.XGBClassifier(**small), three, of_xgboost)
classifier("xgboost-two", xgboost.XGBClassifier(**small), (three > 0).astype(int), of_xgboost)
regression("xgboost-regression", xgboost.XGBRegressor(**small), of_xgboost)
words = np.array(["low", "middle", "high"])
classifier("lightgbm-words", lightgbm.LGBMClassifier(**quiet), words[three], of_lightgbm)
classifier("lightgbm-two", lightgbm.LGBMClassifier(**quiet), np.array([1, 2])[(three > 0).astype(int)], of_lightgbm)
regression("lightgbm-regression", lightgbm.LGBMRegressor(**quiet), of_lightgbm)
