import { createRandom } from '../../core/random.ts';
import { buildGraph } from '../onnx/builder.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { integers, normalise, drawnWeight, project, scalar, type Network } from './layers.ts';

/** Width of a layer, heads of its attention, and layers; 768, 12 and 12 in BERT-base and the smallest GPT-2. */
export interface TransformerSize {
  width: number;
  heads: number;
  layers: number;
}

interface Transformer extends Network {
  size: TransformerSize;
}

/**
 * The encoder of BERT (Devlin et al. 2019: GELU, normalisation after each residual add) over embeddings: float32 `embeddings`
 * [batch, length, width] to `encoded` of the same shape; weights drawn by seed.
 */
export function bert(seed: number, size: TransformerSize): OnnxModel {
  const network = startNetwork('bert', seed, size);
  const { graph } = network;
  const { width, layers } = size;
  let value = graph.input('embeddings', { type: 'float32', shape: ['batch', 'length', width] });
  for (let layer = 0; layer < layers; layer++) {
    const [query, key, content] = [0, 1, 2].map(() => splitHeads(network, projectSame(network, value)));
    const mixed = projectSame(network, attend(network, { query, key, content }));
    value = normalise(network, graph.node('Add', [value, mixed]), width);
    value = normalise(network, graph.node('Add', [value, feedForward(network, value)]), width);
  }
  graph.node('Identity', [value], { outputs: ['encoded'] });
  graph.output('encoded', { type: 'float32', shape: ['batch', 'length', width] });
  return graph.model();
}

/** Tokens it knows and places it has besides. */
export interface DecoderSize extends TransformerSize {
  vocabulary: number;
  positions: number;
}

/**
 * The decoder of GPT-2 (Radford et al. 2019: GELU, normalisation before attention) that generates from a cache: int64 `input_ids`
 * [batch, 1] and `position` [1], and for each layer `past_key_i` and `past_value_i`, float32 [batch, heads, past, width / heads],
 * to `logits` [batch, 1, vocabulary] and the caches one token longer. Weights drawn by seed.
 */
export function gpt2(seed: number, size: DecoderSize): OnnxModel {
  const network = startNetwork('gpt-2', seed, size);
  const { graph } = network;
  const { width, layers, vocabulary, positions } = size;
  const ids = graph.input('input_ids', { type: 'int64', shape: ['batch', 1] });
  const position = graph.input('position', { type: 'int64', shape: [1] });
  const table = drawnWeight(network, [vocabulary, width], 1 / width);
  const places = drawnWeight(network, [positions, width], 0.1 / width);
  const token = graph.node('Gather', [table, ids]);
  let value = graph.node('Add', [token, graph.node('Gather', [places, position])]);
  for (let layer = 0; layer < layers; layer++) {
    const normal = normalise(network, value, width);
    const [query, key, content] = [0, 1, 2].map(() => splitHeads(network, projectSame(network, normal)));
    const cached = {
      key: extend(network, `key_${layer}`, key),
      content: extend(network, `value_${layer}`, content),
    };
    const mixed = attend(network, { query, ...cached });
    value = graph.node('Add', [value, projectSame(network, mixed)]);
    value = graph.node('Add', [value, feedForward(network, normalise(network, value, width))]);
  }
  const transposed = graph.node('Transpose', [table], { attributes: { perm: { ints: [1, 0] } } });
  graph.node('MatMul', [normalise(network, value, width), transposed], { outputs: ['logits'] });
  graph.output('logits', { type: 'float32', shape: ['batch', 1, vocabulary] });
  return graph.model();
}

function startNetwork(name: string, seed: number, size: TransformerSize): Transformer {
  return { graph: buildGraph(name), random: createRandom(seed), weights: 0, size };
}

function projectSame(network: Transformer, value: string): string {
  const { width } = network.size;
  return project(network, value, { inputs: width, outputs: width });
}

/** [batch, length, width] to [batch, heads, length, width / heads]. */
function splitHeads(network: Transformer, value: string): string {
  const { graph, size } = network;
  const shape = integers(network, [0, 0, size.heads, size.width / size.heads]);
  const split = graph.node('Reshape', [value, shape]);
  return graph.node('Transpose', [split], { attributes: { perm: { ints: [0, 2, 1, 3] } } });
}

/** Appends what this step adds to a cache of the graph's inputs, and gives it out. */
function extend({ graph, size }: Transformer, name: string, added = ''): string {
  const { heads, width } = size;
  const shape = ['batch', heads, 'past', width / heads];
  const past = graph.input(`past_${name}`, { type: 'float32', shape });
  const outputs = [`present_${name}`];
  graph.node('Concat', [past, added], { outputs, attributes: { axis: { int: 2 } } });
  graph.output(`present_${name}`, { type: 'float32', shape: shape.with(2, 'present') });
  return `present_${name}`;
}

interface Attention {
  query: string | undefined;
  key: string | undefined;
  content: string | undefined;
}

/** Scaled dot-product attention over all positions, heads joined again. */
function attend(network: Transformer, { query = '', key = '', content = '' }: Attention): string {
  const { graph, size } = network;
  const { heads, width } = size;
  const turned = graph.node('Transpose', [key], { attributes: { perm: { ints: [0, 1, 3, 2] } } });
  const scores = graph.node('MatMul', [query, turned]);
  const scaled = graph.node('Mul', [scores, scalar(network, 1 / Math.sqrt(width / heads))]);
  const shares = graph.node('Softmax', [scaled], { attributes: { axis: { int: -1 } } });
  const mixed = graph.node('MatMul', [shares, content]);
  const joined = graph.node('Transpose', [mixed], { attributes: { perm: { ints: [0, 2, 1, 3] } } });
  return graph.node('Reshape', [joined, integers(network, [0, 0, width])]);
}

function feedForward(network: Transformer, value: string): string {
  const { width } = network.size;
  const wide = project(network, value, { inputs: width, outputs: 4 * width });
  const active = network.graph.node('Gelu', [wide]);
  return project(network, active, { inputs: 4 * width, outputs: width });
}
