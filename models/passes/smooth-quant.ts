import * as z from 'zod';
import { counted } from '../../core/counted.ts';
import { countUses, freshNames, makersOf, sortNodes } from '../onnx/graph.ts';
import { inferValues } from '../onnx/infer.ts';
import { changed, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxTensor } from '../onnx/model.ts';
import { createNode } from '../onnx/node.ts';
import { createTensor } from '../onnx/tensor.ts';
import { productsOf, type ConstantProduct } from './constant-products.ts';
import { innerObstacles } from './inner-graphs.ts';
import { sizesOf } from './nbits-product.ts';
import { defineCalibratedPass, type PassOutcome } from './pass.ts';
import { withPlainGemms } from './plain-gemms.ts';
import { smoothForm } from './smooth-quant-form.ts';
import { channelStatistics, type ChannelStatistics } from './smooth/channel-statistics.ts';
import { chooseScales, type ChosenScales } from './smooth/choose-scales.ts';
import { foldInto, withDivision, type Fold, type Folding } from './smooth/fold-scales.ts';
import { scaledAlong, sideBySide } from './smooth/scale-weights.ts';
import { withStoredWeights } from './stored-weights.ts';
import { assertFiniteWeights, countEach, describeOperators } from './weights.ts';

const operators = ['MatMul', 'Gemm'];

const parameters = z.strictObject({
  /** How much of the spread moves from activations to weights, 0 to 1; `auto` chooses for each input. */
  alpha: z.union([z.number().gt(0).lt(1), z.literal('auto')]),
});

/**
 * Divides channels of the inputs of products that reach further than others, and multiplies their weights by the same, so that one range
 * for all channels of an activation costs less in integers (SmoothQuant, Xiao et al. 2022). What the model computes stays; the
 * division goes into what makes the input where that can be divided, else a Mul is added.
 */
export const smoothQuant = defineCalibratedPass({
  name: 'smooth-quant',
  kind: 'smooths',
  form: smoothForm,
  version: 4,
  operators,
  paysOn: [],
  parameters,
  rewrite: async (source, { alpha }, calibration): Promise<PassOutcome> => {
    const model = withPlainGemms(await withStoredWeights(source, { operators, which: 'own' }));
    const { inputs, obstacles } = smoothableInputs(model);
    if (inputs.length === 0) return { status: 'nothing-to-do', reason: explainNone(model, obstacles) };
    const channels = new Map(inputs.map(({ name, size }) => [name, size]));
    const statistics = await channelStatistics(model, channels, calibration);
    const values = await inferValues(model);
    const shapes = new Map([...values].map(([name, { shape }]) => [name, shape]));
    const smoothing: Smoothing = { graph: model.graph, shapes, done: [] };
    // From the last on: a division that goes into a product changes its weights, which come later.
    for (const input of inputs.toReversed()) smoothInput(smoothing, input, { alpha, statistics });
    if (smoothing.done.length === 0)
      return { status: 'nothing-to-do', reason: 'no scales promise products that err less' };
    const summary = summarise(smoothing.done, obstacles, calibration.description);
    return { status: 'applied', model: changed(model, { graph: smoothing.graph }), summary };
  },
});

/** A value that products read, in the order of the graph. */
interface SmoothableInput {
  name: string;
  size: number;
  products: readonly ConstantProduct[];
}

function smoothableInputs(model: OnnxModel): { inputs: SmoothableInput[]; obstacles: string[] } {
  const { graph } = model;
  const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const uses = countUses(graph);
  const found = productsOf({ graph, constants }, new Set());
  const usable = found.products.map((product) => {
    if (product.weight.dims.length !== 2) return 'whose weight has more than two axes';
    return uses.get(product.weight.name) === 1 ? product : 'whose weight something else reads too';
  });
  const products = new Map(usable.flatMap((one) => (typeof one === 'string' ? [] : [[one.node, one]])));
  const byInput = Map.groupBy(
    sortNodes(graph.node).flatMap((node) => products.get(node) ?? []),
    ({ node }) => node.input[0] ?? '',
  );
  return {
    inputs: [...byInput].map(([name, own]) => ({ name, size: sizesOf(own[0]!).rows, products: own })),
    obstacles: [
      ...found.obstacles,
      ...usable.filter((one) => typeof one === 'string'),
      ...innerObstacles(model, operators),
    ],
  };
}

function explainNone({ graph }: OnnxModel, obstacles: readonly string[]): string {
  const why = obstacles.length === 0 ? `the graph has ${describeOperators(graph)}` : countEach(obstacles);
  return `no MatMul or Gemm has a constant float32 matrix of its own as weight: ${why}`;
}

interface Smoothing {
  graph: OnnxGraph;
  shapes: Folding['shapes'];
  done: { input: SmoothableInput; alpha: number; into: string }[];
}

interface Means {
  alpha: number | 'auto';
  statistics: ReadonlyMap<string, ChannelStatistics>;
}

function smoothInput(smoothing: Smoothing, input: SmoothableInput, { alpha, statistics }: Means): void {
  const { name, size, products } = input;
  const stored = new Map(smoothing.graph.initializer.map((tensor) => [tensor.name, tensor]));
  const weights = products.map((product) => ({ ...product, weight: stored.get(product.weight.name)! }));
  for (const { weight } of weights) assertFiniteWeights(weight);
  const chosen = chooseScales(
    { statistics: statistics.get(name)!, weights: sideBySide(weights, size) },
    alpha,
  );
  if (chosen === null) return;
  const scaled = new Map(weights.map((product) => [product.weight.name, multipliedRows(product, chosen)]));
  const graph = withTensors(smoothing.graph, scaled);
  const folding = foldingOf(graph, smoothing.shapes);
  const fold = foldInto(folding, name, { size, reads: products.length });
  smoothing.graph =
    fold === null ? withMul(graph, input, chosen) : withTensors(graph, divided(folding, fold, chosen));
  const into = fold === null ? 'a Mul added' : (folding.makers.get(name)?.opType ?? '');
  smoothing.done.push({ input, alpha: chosen.alpha, into });
}

function multipliedRows({ weight, isTransposed }: ConstantProduct, { scales }: ChosenScales): OnnxTensor {
  return scaledAlong(weight, isTransposed ? 1 : 0, scales);
}

function divided({ constants }: Folding, fold: Fold, { scales }: ChosenScales): Map<string, OnnxTensor> {
  const factors = scales.map((scale) => 1 / scale);
  return new Map(fold.map(({ name, axis }) => [name, scaledAlong(constants.get(name)!, axis, factors)]));
}

function withTensors(graph: OnnxGraph, tensors: ReadonlyMap<string, OnnxTensor>): OnnxGraph {
  return changed(graph, {
    initializer: graph.initializer.map((tensor) => tensors.get(tensor.name) ?? tensor),
  });
}

function foldingOf(graph: OnnxGraph, shapes: Folding['shapes']): Folding {
  return {
    shapes,
    makers: makersOf(graph.node),
    uses: countUses(graph),
    constants: new Map(graph.initializer.map((tensor) => [tensor.name, tensor])),
  };
}

function withMul(
  graph: OnnxGraph,
  { name, size, products }: SmoothableInput,
  { scales }: ChosenScales,
): OnnxGraph {
  const fresh = freshNames(graph);
  const [scaled, factors] = [fresh(`${name}_smooth`), fresh(`${name}_smooth_factors`)];
  const data = Float32Array.from(scales, (scale) => 1 / scale);
  const node = createNode({
    opType: 'Mul',
    inputs: [name, factors],
    outputs: [scaled],
    name: fresh(`${scaled}_Mul`),
  });
  const readers = new Set(products.flatMap((product) => currentNode(graph, product.node)));
  return withDivision(graph, readers, {
    node,
    factors: createTensor(factors, { type: 'float32', shape: [size], data }),
  });
}

/** A node may have got another input by now. */
function currentNode(graph: OnnxGraph, { output }: OnnxNode): OnnxNode[] {
  return graph.node.filter((node) => node.output[0] === output[0]);
}

function summarise(done: Smoothing['done'], obstacles: readonly string[], data: string): string {
  const products = done.reduce((sum, { input }) => sum + input.products.length, 0);
  return [
    `${counted(done.length, 'input')} of ${counted(products, 'product')} smoothed on ${data}`,
    `; alpha: ${countEach(done.map(({ alpha }) => `of ${alpha}`))}`,
    `; divided in: ${countEach(done.map(({ into }) => into))}`,
    ...(obstacles.length === 0 ? [] : [`; left as they are: ${countEach(obstacles)}`]),
  ].join('');
}
