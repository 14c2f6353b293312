import type { Tensor } from '../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from '../onnx/builder.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { storedParameter, type Parameters } from './parameters.ts';
import { blockNames, causalMask, layerNormEpsilon, type TransformerSizes } from './transformer.ts';

/** Names of what enters and leaves. */
interface Ends {
  input: string;
  output: string;
}

/** What every part of the graph is made with. */
interface Export {
  graph: GraphBuilder;
  parameters: Parameters;
  sizes: TransformerSizes;
  /** int64 [1]: the length of the batch's sequences. */
  length: string;
}

/** A trained Transformer as ONNX: token ids int64 [batch, length] to logits [batch, length, vocabulary], any length up to the context. */
export function transformerOnnx(
  name: string,
  trained: Pick<Export, 'parameters' | 'sizes'>,
  ends: Ends,
): OnnxModel {
  const graph = buildGraph(name);
  const ids = graph.input(ends.input, { type: 'int64', shape: ['batch', 'length'] });
  const attributes = { start: { int: 1 }, end: { int: 2 } };
  const length = graph.node('Shape', [ids], { name: 'length', outputs: ['length/size'], attributes });
  const made: Export = { graph, length, ...trained };
  const mask = appendMask(made);
  const embedded = appendEmbedding(made, ids);
  const states = blockNames(trained.sizes.blocks).reduce(
    (state, block) => appendBlock(made, block, { state, mask }),
    embedded,
  );
  appendDense(made, 'head', { value: appendNorm(made, 'final_norm', states), output: ends.output });
  graph.output(ends.output, { type: 'float32', shape: ['batch', 'length', trained.sizes.vocabulary] });
  return graph.model();
}

/** [length, length] of the mask for the whole context. */
function appendMask({ graph, sizes, length }: Export): string {
  const { context } = sizes;
  const whole: Tensor = { type: 'float32', shape: [context, context], data: causalMask(context) };
  const ends = graph.node('Concat', [length, length], {
    name: 'mask/ends',
    attributes: { axis: { int: 0 } },
  });
  const inputs = [graph.initializer('mask/whole', whole), constant(graph, 'mask/starts', [0, 0]), ends];
  return graph.node('Slice', inputs, { name: 'mask' });
}

function appendEmbedding(made: Export, ids: string): string {
  const { graph, length } = made;
  const tokens = graph.node('Gather', [stored(made, 'tokens/table'), ids], { name: 'tokens' });
  const start = constant(graph, 'positions/start', [0]);
  const positions = graph.node('Slice', [stored(made, 'positions/table'), start, length], {
    name: 'positions',
  });
  return graph.node('Add', [tokens, positions], { name: 'embedding' });
}

interface State {
  state: string;
  mask: string;
}

function appendBlock(made: Export, block: string, { state, mask }: State): string {
  const { graph } = made;
  const normed = appendNorm(made, `${block}/attention_norm`, state);
  const attended = graph.node('Add', [state, appendAttention(made, block, { state: normed, mask })], {
    name: `${block}/attended`,
  });
  const expanded = appendDense(made, `${block}/expand`, {
    value: appendNorm(made, `${block}/feed_norm`, attended),
  });
  const active = graph.node('Relu', [expanded], { name: `${block}/relu` });
  const fed = appendDense(made, `${block}/contract`, { value: active });
  return graph.node('Add', [attended, fed], { name: `${block}/fed` });
}

function appendAttention(made: Export, block: string, { state, mask }: State): string {
  const { graph, sizes } = made;
  const scale = scalar(graph, `${block}/scale`, Math.sqrt(sizes.heads / sizes.width));
  const query = appendHeads(made, `${block}/query`, { value: state, axes: [0, 2, 1, 3] });
  const key = appendHeads(made, `${block}/key`, { value: state, axes: [0, 2, 3, 1] });
  const value = appendHeads(made, `${block}/value`, { value: state, axes: [0, 2, 1, 3] });
  const scores = graph.node('MatMul', [query, key], { name: `${block}/scores` });
  const scaled = graph.node('Mul', [scores, scale], { name: `${block}/scaled` });
  const masked = graph.node('Add', [scaled, mask], { name: `${block}/masked` });
  const shares = graph.node('Softmax', [masked], {
    name: `${block}/shares`,
    attributes: { axis: { int: -1 } },
  });
  const mixed = graph.node('MatMul', [shares, value], { name: `${block}/mixed` });
  const perm = { ints: [0, 2, 1, 3] };
  const turned = graph.node('Transpose', [mixed], { name: `${block}/turned`, attributes: { perm } });
  const joinedShape = constant(graph, `${block}/joined/shape`, [0, 0, sizes.width]);
  const joined = graph.node('Reshape', [turned, joinedShape], { name: `${block}/joined` });
  return appendDense(made, `${block}/merge`, { value: joined });
}

/** A dense layer whose outputs are split over the heads: [batch, length, heads, width / heads] in another order of axes. */
function appendHeads(
  made: Export,
  name: string,
  { value, axes }: { value: string; axes: readonly number[] },
): string {
  const { graph, sizes } = made;
  const shape = constant(graph, `${name}/shape`, [0, 0, sizes.heads, sizes.width / sizes.heads]);
  const split = graph.node('Reshape', [appendDense(made, name, { value }), shape], { name: `${name}/split` });
  return graph.node('Transpose', [split], { name: `${name}/heads`, attributes: { perm: { ints: axes } } });
}

function appendDense(
  made: Export,
  name: string,
  { value, output }: { value: string; output?: string },
): string {
  const { graph } = made;
  const product = graph.node('MatMul', [value, stored(made, `${name}/kernel`)], { name: `${name}/matmul` });
  const outputs = output === undefined ? {} : { outputs: [output] };
  return graph.node('Add', [product, stored(made, `${name}/bias`)], { name: `${name}/add`, ...outputs });
}

function appendNorm(made: Export, name: string, value: string): string {
  const inputs = [value, stored(made, `${name}/scale`), stored(made, `${name}/shift`)];
  const attributes = { axis: { int: -1 }, epsilon: { float: layerNormEpsilon } };
  return made.graph.node('LayerNormalization', inputs, { name, attributes });
}

function stored({ graph, parameters }: Export, name: string): string {
  return graph.initializer(name, storedParameter(parameters, name));
}

function constant(graph: GraphBuilder, name: string, values: readonly number[]): string {
  return graph.initializer(name, {
    type: 'int64',
    shape: [values.length],
    data: BigInt64Array.from(values, BigInt),
  });
}

function scalar(graph: GraphBuilder, name: string, value: number): string {
  return graph.initializer(name, { type: 'float32', shape: [], data: Float32Array.of(value) });
}
