"""Small seeded models that show every way a product with a constant weight is stored and every rounding that can go wrong."""

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper

FLOAT = TensorProto.FLOAT


def value(name, shape):
    return helper.make_tensor_value_info(name, FLOAT, shape)


def model(nodes, inputs, outputs, weights) -> ModelProto:
    initializers = [w if isinstance(w, TensorProto) else numpy_helper.from_array(w[1], w[0]) for w in weights]
    graph = helper.make_graph(nodes, "case", inputs, outputs, initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def matmul(weight, activation_shape=None) -> ModelProto:
    """x @ w, where x has as many axes as the weight unless said otherwise."""
    weight = np.asarray(weight, np.float32)
    shape = activation_shape or ["batch"] * (weight.ndim - 1) + [weight.shape[-2]]
    output = ["rows"] * (max(len(shape), weight.ndim) - 1) + [weight.shape[-1]]
    node = helper.make_node("MatMul", ["x", "w"], ["y"], name="product")
    return model([node], [value("x", shape)], [value("y", output)], [("w", weight)])


def gemm(weight, bias=None, **attributes) -> ModelProto:
    weight = np.asarray(weight, np.float32)
    rows, columns = reversed(weight.shape) if attributes.get("transB") else weight.shape
    inputs = ["x", "w"] + ([] if bias is None else ["b"])
    node = helper.make_node("Gemm", inputs, ["y"], name="product", **attributes)
    weights = [("w", weight)] + ([] if bias is None else [("b", np.asarray(bias, np.float32))])
    shape = [rows, 6] if attributes.get("transA") else ["batch", rows]
    return model([node], [value("x", shape)], [value("y", ["rows", columns])], weights)


def shared_input(draw) -> ModelProto:
    nodes = [helper.make_node("MatMul", ["x", f"w{i}"], [f"y{i}"], name=f"product{i}") for i in range(3)]
    outputs = [value(f"y{i}", ["batch", 4 + i]) for i in range(3)]
    return model(nodes, [value("x", ["batch", 9])], outputs, [(f"w{i}", draw(9, 4 + i)) for i in range(3)])


def shared_weight(draw) -> ModelProto:
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["h"], name="first"),
        helper.make_node("Relu", ["h"], ["r"], name="relu"),
        helper.make_node("MatMul", ["r", "w"], ["y"], name="second"),
    ]
    return model(nodes, [value("x", ["batch", 12])], [value("y", ["batch", 12])], [("w", draw(12, 12))])


def layers(draw) -> ModelProto:
    """Three Gemm layers with Relu between, weights stored as PyTorch stores them."""
    sizes = [16, 33, 20, 3]
    nodes, weights, last = [], [], "x"
    for i, (rows, columns) in enumerate(zip(sizes, sizes[1:])):
        output = "y" if i == 2 else f"h{i}"
        nodes.append(helper.make_node("Gemm", [last, f"w{i}", f"b{i}"], [output], name=f"layer{i}", transB=1))
        weights += [(f"w{i}", draw(columns, rows)), (f"b{i}", draw(columns))]
        last = output
        if i < 2:
            nodes.append(helper.make_node("Relu", [output], [f"r{i}"], name=f"relu{i}"))
            last = f"r{i}"
    return model(nodes, [value("x", ["batch", 16])], [value("y", ["batch", 3])], weights)


def mixed(draw) -> ModelProto:
    """One product that can become an integer one beside two that cannot: scaled by alpha, and with a computed operand."""
    nodes = [
        helper.make_node("Gemm", ["x", "scaled"], ["a"], name="scaled_product", alpha=0.5),
        helper.make_node("MatMul", ["a", "w"], ["h"], name="product"),
        helper.make_node("Transpose", ["h"], ["t"], name="transpose", perm=[1, 0]),
        helper.make_node("MatMul", ["h", "t"], ["y"], name="computed"),
    ]
    return model(nodes, [value("x", ["batch", 5])], [value("y", ["batch", "rows"])], [("scaled", draw(5, 6)), ("w", draw(6, 7))])


def typed_field(draw) -> ModelProto:
    """The weight in `float_data` rather than `raw_data`."""
    weight = draw(6, 11)
    case = matmul(weight)
    del case.graph.initializer[:]
    case.graph.initializer.append(helper.make_tensor("w", FLOAT, weight.shape, weight.ravel().tolist()))
    return case


def cases() -> dict[str, ModelProto]:
    random = np.random.default_rng(20)

    def draw(*shape):
        return random.standard_normal(shape).astype(np.float32)

    zero_column = draw(10, 6)
    zero_column[:, 2] = 0
    negative_zero = draw(8, 5)
    negative_zero[::2, 1] = -0.0
    negative_zero[:, 3] = -0.0
    spread = (draw(24, 13) * 10.0 ** np.arange(-6, 7)).astype(np.float32)
    ties = np.concatenate([[127.0], np.arange(-63, 64) + 0.5, np.arange(-4, 4) / 2])[:, None].astype(np.float32)
    return {
        "odd-sizes": matmul(draw(7, 5)),
        "wide": matmul(draw(64, 130)),
        "tall": matmul(draw(131, 17)),
        "one-column": matmul(draw(9, 1)),
        "one-row": matmul(draw(1, 9)),
        "one-weight": matmul(draw(1, 1)),
        "bias": gemm(draw(14, 10), draw(10)),
        "no-bias": gemm(draw(14, 10)),
        "scalar-bias": gemm(draw(6, 4), draw()),
        "transposed": gemm(draw(10, 14), draw(10), transB=1),
        "transposed-input": gemm(draw(14, 10), draw(10), transA=1),
        "layers": layers(draw),
        "mixed": mixed(draw),
        "shared-input": shared_input(draw),
        "shared-weight": shared_weight(draw),
        "typed-field": typed_field(draw),
        "sequence": matmul(draw(12, 8), ["batch", "length", 12]),
        "stacked": matmul(draw(3, 16, 8)),
        "zero-column": matmul(zero_column),
        "all-zero": matmul(np.zeros((5, 6))),
        "constant": matmul(np.full((6, 5), 0.3)),
        "one-sign": matmul(np.abs(draw(9, 7))),
        "negative-zero": matmul(negative_zero),
        "ties": matmul(ties),
        "large": matmul(draw(12, 6) * np.float32(1e30)),
        "small": matmul(draw(12, 6) * np.float32(1e-30)),
        "scale-below-normal": matmul(draw(12, 6) * np.float32(1e-36)),
        "below-normal": matmul(draw(12, 6) * np.float32(1e-40)),
        "spread": matmul(spread),
    }
