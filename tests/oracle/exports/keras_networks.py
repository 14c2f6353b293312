"""Keras networks as tf2onnx writes them: images with the channel last, words, several inputs and outputs."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf
import tf2onnx
from golden import write

made_by = f"TensorFlow {tf.__version__}, tf2onnx {tf2onnx.__version__}"
keras.utils.set_random_seed(22)
random = np.random.default_rng(22)
shown = 5


def save(name, model, inputs):
    """Fits it for a step, so that no weight is what an initialiser left."""
    answers = model(list(inputs.values()))
    targets = [tf.random.normal(answer.shape) for answer in tf.nest.flatten(answers)]
    model.compile(optimizer="adam", loss=["mse"] * len(targets))
    model.fit(list(inputs.values()), targets, epochs=2, verbose=0)
    ports = [tf.TensorSpec((None, *values.shape[1:]), values.dtype, name=key) for key, values in inputs.items()]

    @tf.function(input_signature=ports)
    def call(*given):
        return {f"y{index}": answer for index, answer in enumerate(tf.nest.flatten(model(list(given))))}

    exported, _ = tf2onnx.convert.from_function(call, input_signature=ports, opset=18)
    outputs = {key: answer.numpy() for key, answer in call(*map(tf.constant, inputs.values())).items()}
    write(name, exported, {"madeBy": made_by, "inputs": inputs, "outputs": outputs})


image = keras.Input((8, 8, 3))
flat = keras.layers.Flatten()(keras.layers.MaxPool2D()(keras.layers.Conv2D(4, 3, activation="relu")(image)))
normal = keras.layers.BatchNormalization()(flat)
save(
    "keras-image",
    keras.Model(image, keras.layers.Dense(3, activation="softmax")(normal)),
    {"image": random.normal(size=(shown, 8, 8, 3)).astype(np.float32)},
)

words = keras.Input((6,), dtype="int32")
number = keras.Input((2,))
read = keras.layers.GRU(5)(keras.layers.Embedding(11, 4)(words))
joined = keras.layers.Concatenate()([read, number])
save(
    "keras-words-and-numbers",
    keras.Model([words, number], [keras.layers.Dense(2)(joined), keras.layers.Dense(1, activation="sigmoid")(joined)]),
    {
        "words": random.integers(0, 11, (shown, 6)).astype(np.int32),
        "numbers": random.normal(size=(shown, 2)).astype(np.float32),
    },
)
