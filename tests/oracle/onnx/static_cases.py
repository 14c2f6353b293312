"""Small seeded networks that show every operator and layout static quantization covers, each with batches to calibrate on."""

import numpy as np
from onnx import ModelProto, helper, numpy_helper

from cases import value

BATCHES = 4
ROWS = 6


class Network:
    """A graph written node by node; weights are drawn from one generator."""

    def __init__(self, random, shape):
        self.random = random
        self.shape = shape
        self.nodes, self.weights = [], []

    def weight(self, array) -> str:
        name = f"c{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(array, np.float32), name))
        return name

    def draw(self, *shape, scale=1.0):
        return self.weight(self.random.standard_normal(shape) * scale)

    def add(self, kind, *inputs, **attributes) -> str:
        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [f"{name}_out"], name=name, **attributes))
        return f"{name}_out"

    def conv(self, x, inputs, outputs, kernel=3, bias=True, scale=1.0, **attributes) -> str:
        group = attributes.get("group", 1)
        weights = [self.draw(outputs, inputs // group, kernel, kernel, scale=scale)]
        weights += [self.draw(outputs)] if bias else []
        return self.add("Conv", x, *weights, kernel_shape=[kernel, kernel], **attributes)

    def gemm(self, x, inputs, outputs, bias=True, **attributes) -> str:
        shape = (outputs, inputs) if attributes.get("transB") else (inputs, outputs)
        return self.add("Gemm", x, self.draw(*shape), *([self.draw(outputs)] if bias else []), **attributes)

    def model(self, last, rank) -> ModelProto:
        self.nodes[-1].output[0] = "y"
        assert self.nodes[-1].op_type and last.startswith(self.nodes[-1].name)
        output = value("y", [f"o{axis}" for axis in range(rank)])
        graph = helper.make_graph(self.nodes, "case", [value("x", ["batch", *self.shape])], [output], self.weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)

    def batches(self):
        """Later batches reach further, so that calibrators must merge what they saw."""
        return [
            (self.random.standard_normal((ROWS, *self.shape)) * (1 + batch)).astype(np.float32)
            for batch in range(BATCHES)
        ]


def mlp(n, **attributes):
    h = n.add("Relu", n.gemm("x", 8, 16, **attributes))
    h = n.add("Relu", n.gemm(h, 16, 12, **attributes))
    return n.gemm(h, 12, 3, **attributes), 2


def matmuls(n):
    h = n.add("MatMul", "x", n.draw(8, 10))
    h = n.add("Relu", h)
    return n.add("MatMul", h, n.draw(10, 5)), 2


def sequence(n):
    h = n.add("Add", n.add("MatMul", "x", n.draw(6, 10)), n.draw(10))
    h = n.add("Relu", h)
    return n.add("Add", n.add("MatMul", h, n.draw(10, 6)), n.draw(6)), 3


def two_convs(n, **attributes):
    h = n.add("Relu", n.conv("x", 4, 6, pads=[1, 1, 1, 1]))
    return n.conv(h, 6, 6, **attributes), 4


def clipped(n):
    h = n.add("Clip", n.conv("x", 4, 6), n.weight(0), n.weight(6))
    return n.conv(h, 6, 3), 4


def residual(n):
    h = n.add("Relu", n.conv("x", 4, 4, pads=[1, 1, 1, 1]))
    side = n.conv(h, 4, 4, pads=[1, 1, 1, 1])
    h = n.add("Relu", n.add("Add", side, h))
    return n.conv(h, 4, 2), 4


def inception(n):
    h = n.conv("x", 4, 4)
    left, right = n.conv(h, 4, 3, kernel=1), n.add("Relu", n.conv(h, 4, 5, kernel=1))
    h = n.add("Concat", left, right, axis=1)
    return n.conv(h, 8, 2, kernel=1), 4


def pooled(n, kind):
    h = n.add("Relu", n.conv("x", 4, 4))
    h = n.add(kind, h, kernel_shape=[2, 2], strides=[2, 2])
    return n.conv(h, 4, 2, kernel=1), 4


def classifier(n):
    h = n.add("Relu", n.conv("x", 4, 8))
    h = n.add("Flatten", n.add("GlobalAveragePool", h))
    return n.gemm(h, 8, 5, transB=1), 2


def flattened(n):
    h = n.add("Relu", n.conv("x", 4, 3))
    h = n.add("Flatten", n.add("MaxPool", h, kernel_shape=[2, 2], strides=[2, 2]))
    return n.gemm(h, 3 * 25, 4), 2


def swish(n):
    h = n.conv("x", 4, 4, kernel=1)
    h = n.add("Mul", h, n.add("Sigmoid", h))
    return n.conv(h, 4, 3, kernel=1), 4


def leaky(n):
    h = n.add("LeakyRelu", n.conv("x", 4, 5), alpha=0.1)
    return n.conv(h, 5, 3), 4


def scaled(n):
    h = n.add("Mul", n.conv("x", 4, 4), n.draw(1, 4, 1, 1))
    h = n.add("Add", h, n.draw(1, 4, 1, 1))
    h = n.add("Relu", h)
    return n.conv(h, 4, 2), 4


def normalised(n):
    ones = [n.weight(np.abs(n.random.standard_normal(6)) + 0.5) for _ in range(2)]
    h = n.conv("x", 4, 6, bias=False)
    h = n.add("BatchNormalization", h, ones[0], n.draw(6), n.draw(6), ones[1])
    return n.conv(n.add("Relu", h), 6, 3), 4


def large_bias(n):
    """A bias so far above the products that its int32 form would clip."""
    h = n.add("Conv", "x", n.draw(5, 4, 3, 3, scale=1e-8), n.draw(5, scale=30.0))
    return n.conv(n.add("Relu", h), 5, 2), 4


def dead_channel(n):
    weight = n.random.standard_normal((6, 4, 3, 3))
    weight[2] = 0
    h = n.add("Relu", n.add("Conv", "x", n.weight(weight), n.draw(6)))
    return n.conv(h, 6, 2), 4


def static_cases() -> dict:
    image, row = (4, 12, 12), (8,)
    plans = {
        "static-mlp": (row, mlp),
        "static-mlp-transposed": (row, lambda n: mlp(n, transB=1)),
        "static-mlp-without-bias": (row, lambda n: mlp(n, bias=False)),
        "static-matmul": (row, matmuls),
        "static-sequence": ((5, 6), sequence),
        "static-conv": (image, two_convs),
        "static-conv-without-bias": (image, lambda n: two_convs(n, bias=False)),
        "static-strided": (image, lambda n: two_convs(n, strides=[2, 2])),
        "static-dilated": (image, lambda n: two_convs(n, dilations=[2, 2])),
        "static-depthwise": (image, lambda n: two_convs(n, group=6)),
        "static-grouped": (image, lambda n: two_convs(n, group=2)),
        "static-clip": (image, clipped),
        "static-residual": (image, residual),
        "static-concat": (image, inception),
        "static-max-pool": (image, lambda n: pooled(n, "MaxPool")),
        "static-average-pool": (image, lambda n: pooled(n, "AveragePool")),
        "static-classifier": (image, classifier),
        "static-flatten": (image, flattened),
        "static-swish": (image, swish),
        "static-leaky": (image, leaky),
        "static-scaled": (image, scaled),
        "static-batch-norm": (image, normalised),
        "static-large-bias": (image, large_bias),
        "static-dead-channel": (image, dead_channel),
    }
    found = {}
    for seed, (name, (shape, plan)) in enumerate(plans.items()):
        network = Network(np.random.default_rng(100 + seed), shape)
        last, rank = plan(network)
        found[name] = (network.model(last, rank), network.batches())
    return found
