import { elementCount } from '../../../core/tensor.ts';
import { elementTypeNumbers } from '../../../models/onnx/element-type.ts';
import { changed, type OnnxModel, type OnnxNode, type OnnxTensor } from '../../../models/onnx/model.ts';
import { createNode } from '../../../models/onnx/node.ts';
import { onnx } from '../../../models/onnx/proto/onnx.js';
import { createRawTensor, createTensor, shapeOf } from '../../../models/onnx/tensor.ts';
import { toFloat16 } from '../../../models/passes/float16.ts';
import { floatsOf } from '../../../models/passes/weights.ts';

/** Trained models made worse, each as exporters and quantizers of others leave them: what `explain` is there to find. */

/** What stands in for a node, and the tensors it needs. */
interface Replacement {
  nodes: OnnxNode[];
  tensors: OnnxTensor[];
}

function replaceNodes(
  model: OnnxModel,
  opType: string,
  replace: (node: OnnxNode, weightOf: (index: number) => OnnxTensor) => Replacement,
): OnnxModel {
  const { graph } = model;
  const tensors = [...graph.initializer];
  const node = graph.node.flatMap((one) => {
    if (one.opType !== opType) return [one];
    const weightOf = (index: number): OnnxTensor => named(graph.initializer, one.input[index]);
    const made = replace(one, weightOf);
    tensors.push(...made.tensors);
    return made.nodes;
  });
  return changed(model, { graph: changed(graph, { node, initializer: tensors }) });
}

function named(tensors: readonly OnnxTensor[], name: string | undefined): OnnxTensor {
  const found = tensors.find((tensor) => tensor.name === name);
  if (found === undefined) throw new Error(`no tensor ${name}`);
  return found;
}

function scalar(name: string, value: number): OnnxTensor {
  return createTensor(name, { type: 'float32', shape: [], data: Float32Array.of(value) });
}

/** int8 values of a weight by one scale. */
function int8Weight(weight: OnnxTensor, name: string): { values: OnnxTensor; scale: number } {
  const floats = floatsOf(weight);
  const scale = floats.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
  const data = Int8Array.from(floats, (value) => Math.round(value / scale));
  return { values: createTensor(name, { type: 'int8', shape: shapeOf(weight), data }), scale };
}

/** Every Conv in integers with ranges taken at each call, as `quantize_dynamic` of onnxruntime leaves it. */
export function withDynamicConvolutions(model: OnnxModel): OnnxModel {
  return replaceNodes(model, 'Conv', (node, weightOf) => {
    const [input = '', , bias = ''] = node.input;
    const at = (part: string): string => `${node.name}/integer/${part}`;
    const { values, scale } = int8Weight(weightOf(1), at('weight'));
    const shape = [1, shapeOf(weightOf(1))[0] ?? 1, 1, 1];
    const biasTensor = createTensor(at('bias'), { type: 'float32', shape, data: floatsOf(weightOf(2)) });
    const nodes = [
      ['DynamicQuantizeLinear', [input], [at('q'), at('s'), at('z')]],
      ['Cast', [at('c')], [at('f')], { to: { int: elementTypeNumbers.float32 } }],
      ['Mul', [at('s'), at('ws')], [at('ss')]],
      ['Mul', [at('f'), at('ss')], [at('m')]],
      ['Add', [at('m'), at('bias')], node.output],
    ] as const;
    const made = nodes.map(([opType, inputs, outputs, attributes = {}]) =>
      createNode({ opType, inputs, outputs, attributes, name: at(opType + outputs[0]) }),
    );
    const convolution = changed(node, {
      opType: 'ConvInteger',
      input: [at('q'), values.name, at('z')],
      output: [at('c')],
    });
    if (bias === '') throw new Error('expected a bias');
    return {
      nodes: [...made.slice(0, 1), convolution, ...made.slice(1)],
      tensors: [values, scalar(at('ws'), scale), biasTensor],
    };
  });
}

/** The weights of every Gemm in int8 behind a DequantizeLinear, activations in float32: nothing fuses. */
export function withDequantizedWeights(model: OnnxModel): OnnxModel {
  return replaceNodes(model, 'Gemm', (node, weightOf) => {
    const at = (part: string): string => `${node.name}/integer/${part}`;
    const { values, scale } = int8Weight(weightOf(1), at('int8'));
    const dequantize = createNode({
      opType: 'DequantizeLinear',
      inputs: [values.name, at('scale')],
      outputs: [at('weight')],
      name: at('dequantize'),
    });
    const [input = '', , ...rest] = node.input;
    const product = changed(node, { input: [input, at('weight'), ...rest] });
    return { nodes: [dequantize, product], tensors: [values, scalar(at('scale'), scale)] };
  });
}

/** Every Gemm as MatMul, Add and Relu with QuantizeLinear on its input alone; activations lie within `largest`. */
export function withInputRangesOnly(model: OnnxModel, largest: number): OnnxModel {
  return replaceNodes(model, 'Gemm', (node, weightOf) => {
    const at = (part: string): string => `${node.name}/integer/${part}`;
    const { values, scale } = int8Weight(weightOf(1), at('int8'));
    const [input = '', , bias = ''] = node.input;
    const zero = createTensor(at('zero'), { type: 'uint8', shape: [], data: Uint8Array.of(128) });
    const nodes = [
      ['QuantizeLinear', [input, at('xs'), zero.name], [at('xq')]],
      ['DequantizeLinear', [at('xq'), at('xs'), zero.name], [at('x')]],
      ['DequantizeLinear', [values.name, at('ws')], [at('w')]],
      ['MatMul', [at('x'), at('w')], [at('m')]],
      ['Add', [at('m'), bias], node.output],
    ] as const;
    return {
      nodes: nodes.map(([opType, inputs, outputs]) =>
        createNode({ opType, inputs, outputs: [...outputs], name: at(opType + outputs[0]) }),
      ),
      tensors: [values, zero, scalar(at('xs'), largest / 127), scalar(at('ws'), scale)],
    };
  });
}

/** Weights stored in float16 behind a Cast that the session folds away. */
export function withHalfWeights(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const large = graph.initializer.filter(({ dataType, dims }) => dataType === 1 && dims.length >= 2);
  const halves = large.map((tensor) => {
    const rawData = new Uint8Array(toFloat16(floatsOf(tensor)).bits.buffer);
    return createRawTensor(`${tensor.name}/half`, {
      dataType: elementTypeNumbers.float16,
      shape: shapeOf(tensor),
      rawData,
    });
  });
  const casts = large.map(({ name }) =>
    createNode({
      opType: 'Cast',
      inputs: [`${name}/half`],
      outputs: [name],
      name: `${name}/cast`,
      attributes: { to: { int: elementTypeNumbers.float32 } },
    }),
  );
  const rest = graph.initializer.filter((tensor) => !large.includes(tensor));
  return changed(model, {
    graph: changed(graph, { node: [...casts, ...graph.node], initializer: [...rest, ...halves] }),
  });
}

/** Weights whose zeros are not stored: ONNX Runtime makes them dense at load. */
export function withSparseWeights(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const matrices = graph.initializer.filter(({ dataType, dims }) => dataType === 1 && dims.length === 2);
  const sparse = matrices.map((tensor) => {
    const floats = floatsOf(tensor);
    const kept = [...floats.keys()].filter((index) => floats[index] !== 0);
    const values = createTensor(tensor.name, {
      type: 'float32',
      shape: [kept.length],
      data: Float32Array.from(kept, (index) => floats[index] ?? 0),
    });
    const indices = createTensor('', {
      type: 'int64',
      shape: [kept.length],
      data: BigInt64Array.from(kept, BigInt),
    });
    if (elementCount(shapeOf(tensor)) < kept.length) throw new Error('expected fewer');
    return onnx.SparseTensorProto.create({ values, indices, dims: tensor.dims });
  });
  return changed(model, {
    graph: changed(graph, {
      initializer: graph.initializer.filter((tensor) => !matrices.includes(tensor)),
      sparseInitializer: sparse as never,
    }),
  });
}

/** MatMulNBits as quantizers leave it that do not set the accuracy level: it computes in float32. */
export function withoutAccuracyLevel(model: OnnxModel): OnnxModel {
  const node = model.graph.node.map((one) =>
    changed(one, { attribute: one.attribute.filter(({ name }) => name !== 'accuracy_level') }),
  );
  return changed(model, { graph: changed(model.graph, { node }) });
}
