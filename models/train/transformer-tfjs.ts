import { tensor } from '@tensorflow/tfjs-core';
import { input, layers, model, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Tensor } from '../../core/tensor.ts';
import { storedParameter, type Parameters } from './parameters.ts';
import { blockNames, causalMask, layerNormEpsilon, type TransformerSizes } from './transformer.ts';

type FloatTensor = Extract<Tensor, { type: 'float32' }>;
type Layer = SymbolicTensor['sourceLayer'];

/** What every part of the network is made with. */
interface Form {
  parameters: Parameters;
  sizes: TransformerSizes;
  /** [batch, length, length]: 0 where a token may look, far below 0 where it would look ahead. */
  mask: SymbolicTensor;
}

/**
 * A trained Transformer as a TF.js layers model of stock layers: token ids int32 [batch, length] to logits [batch, length, vocabulary],
 * any length up to the context. Each head has dense layers of its own, since no stock layer multiplies values of four axes.
 */
export function transformerTfjs(
  name: string,
  { parameters, sizes }: Pick<Form, 'parameters' | 'sizes'>,
  ends: { input: string; output: string },
): LayersModel {
  const ids = input({ shape: [null], dtype: 'int32', name: ends.input });
  const places = applyPlaces(ids, sizes);
  const form = { parameters, sizes, mask: applyMask(places, sizes) };
  const tokens = applyTable('tokens', storedParameter(parameters, 'tokens/table'), ids);
  const positions = applyTable('positions', storedParameter(parameters, 'positions/table'), places);
  const start = join(layers.add({ name: 'embedding' }), tokens, positions);
  const states = blockNames(sizes.blocks).reduce((state, block) => applyBlock(form, block, state), start);
  const normed = applyNorm(form, 'final_norm', states);
  const outputs = applyDense(ends.output, { ...denseOf(form, 'head'), inputs: normed });
  return model({ name, inputs: ids, outputs });
}

/**
 * The place of each token, [batch, length]. Where lengths are open no stock layer counts: this takes the share of ones in a window
 * that ends at the token, which is its place over the window's size. Half a place more, an embedding cuts to the whole one.
 */
function applyPlaces(ids: SymbolicTensor, { context }: TransformerSizes): SymbolicTensor {
  const ones = join(layers.rescaling({ scale: 0, offset: 1, name: 'ones' }), ids);
  const column = join(layers.reshape({ targetShape: [-1, 1, 1], name: 'ones_column' }), ones);
  const padding: [[number, number], [number, number]] = [
    [context - 1, 0],
    [0, 0],
  ];
  const padded = join(layers.zeroPadding2d({ padding, name: 'ones_padded' }), column);
  const poolSize: [number, number] = [context, 1];
  const shares = join(layers.averagePooling2d({ poolSize, strides: [1, 1], name: 'ones_share' }), padded);
  const counts = join(layers.rescaling({ scale: context, offset: -0.5, name: 'places_column' }), shares);
  return join(layers.reshape({ targetShape: [-1], name: 'places' }), counts);
}

/** Rows of the mask of the whole context at the places of the batch, and of those the columns. */
function applyMask(places: SymbolicTensor, { context }: TransformerSizes): SymbolicTensor {
  const table = (data: Float32Array): FloatTensor => ({ type: 'float32', shape: [context, context], data });
  const identity = Float32Array.from({ length: context ** 2 }, (_, index) =>
    index % (context + 1) === 0 ? 1 : 0,
  );
  const rows = applyTable('mask_rows', table(causalMask(context)), places);
  const columns = applyTable('mask_columns', table(identity), places);
  return join(layers.dot({ axes: [2, 2], name: 'mask' }), rows, columns);
}

function applyBlock(form: Form, block: string, state: SymbolicTensor): SymbolicTensor {
  const attended = applyAttention(form, block, applyNorm(form, `${block}/attention_norm`, state));
  const merged = applyDense(`${block}_merge`, { ...denseOf(form, `${block}/merge`), inputs: attended });
  const afterAttention = join(layers.add({ name: `${block}_attended` }), state, merged);
  const normed = applyNorm(form, `${block}/feed_norm`, afterAttention);
  const expanded = applyDense(`${block}_expand`, { ...denseOf(form, `${block}/expand`), inputs: normed });
  const active = join(layers.reLU({ name: `${block}_relu` }), expanded);
  const fed = applyDense(`${block}_contract`, { ...denseOf(form, `${block}/contract`), inputs: active });
  return join(layers.add({ name: `${block}_fed` }), afterAttention, fed);
}

function applyAttention(form: Form, block: string, state: SymbolicTensor): SymbolicTensor {
  const heads = Array.from({ length: form.sizes.heads }, (_, head) =>
    applyHead(form, { block, head, state }),
  );
  return join(layers.concatenate({ name: `${block}_heads` }), ...heads);
}

function applyHead(
  form: Form,
  { block, head, state }: { block: string; head: number; state: SymbolicTensor },
): SymbolicTensor {
  const { heads, width } = form.sizes;
  const part = (name: string): SymbolicTensor => {
    const { kernel, bias } = denseOf(form, `${block}/${name}`);
    const columns = { first: (head * width) / heads, count: width / heads };
    return applyDense(`${block}_${name}_${head}`, {
      kernel: takeColumns(kernel, columns),
      bias: takeColumns(bias, columns),
      inputs: state,
    });
  };
  const named = (name: string): { name: string } => ({ name: `${block}_${name}_${head}` });
  const scores = join(layers.dot({ axes: [2, 2], ...named('scores') }), part('query'), part('key'));
  const scaled = join(layers.rescaling({ scale: Math.sqrt(heads / width), ...named('scaled') }), scores);
  const masked = join(layers.add(named('masked')), scaled, form.mask);
  const shares = join(layers.softmax({ axis: -1, ...named('shares') }), masked);
  return join(layers.dot({ axes: [2, 1], ...named('mixed') }), shares, part('value'));
}

function takeColumns(
  { shape, data }: FloatTensor,
  { first, count }: { first: number; count: number },
): FloatTensor {
  const all = shape.at(-1) ?? 0;
  const kept = data.filter((_, index) => index % all >= first && index % all < first + count);
  return { type: 'float32', shape: [...shape.slice(0, -1), count], data: kept };
}

function denseOf({ parameters }: Form, name: string): { kernel: FloatTensor; bias: FloatTensor } {
  return {
    kernel: storedParameter(parameters, `${name}/kernel`),
    bias: storedParameter(parameters, `${name}/bias`),
  };
}

function applyDense(
  name: string,
  { kernel, bias, inputs }: { kernel: FloatTensor; bias: FloatTensor; inputs: SymbolicTensor },
): SymbolicTensor {
  return withWeights(layers.dense({ units: bias.data.length, name }), [kernel, bias], inputs);
}

function applyNorm(form: Form, name: string, state: SymbolicTensor): SymbolicTensor {
  const weights = ['scale', 'shift'].map((one) => storedParameter(form.parameters, `${name}/${one}`));
  const layer = layers.layerNormalization({ epsilon: layerNormEpsilon, name: name.replace('/', '_') });
  return withWeights(layer, weights, state);
}

function applyTable(name: string, table: FloatTensor, ids: SymbolicTensor): SymbolicTensor {
  const [inputDim = 0, outputDim = 0] = table.shape;
  return withWeights(layers.embedding({ inputDim, outputDim, name }), [table], ids);
}

function withWeights(layer: Layer, weights: readonly FloatTensor[], inputs: SymbolicTensor): SymbolicTensor {
  const applied = join(layer, inputs);
  layer.setWeights(weights.map(({ data, shape }) => tensor(data, [...shape])));
  return applied;
}

function join(layer: Layer, ...inputs: SymbolicTensor[]): SymbolicTensor {
  const [only] = inputs;
  return layer.apply(inputs.length === 1 && only !== undefined ? only : inputs) as SymbolicTensor;
}
