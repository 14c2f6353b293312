import * as z from 'zod';
import { elementCount } from '../../core/tensor.ts';
import { elementTypeName, elementTypeNumbers } from '../onnx/element-type.ts';
import { nodesOf } from '../onnx/graph.ts';
import { mapTensors } from '../onnx/map-tensors.ts';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from '../onnx/model.ts';
import { scopesOf, usesOfStored } from '../onnx/scopes.ts';
import { createRawTensor, shapeOf } from '../onnx/tensor.ts';
import type { Calibration } from './calibration.ts';
import type { SquareMatrix } from './cholesky.ts';
import { emptyWeight, leftObstacle } from './constant-products.ts';
import { gramChunks } from './gram.ts';
import { functionObstacles } from './inner-graphs.ts';
import { madeTensor } from './made-tensor.ts';
import { nothingCut } from './magnitude.ts';
import { definePartlyCalibratedPass, type PassOutcome } from './pass.ts';
import { nOfMForm, scoredForm } from './prune-scored-form.ts';
import { zeroByHessian, zeroSmallest, type SparsityPattern, type WeightLayout } from './sparsity-pattern.ts';
import { withStoredWeights } from './stored-weights.ts';
import { featureGrams } from './structure/joint-products.ts';
import { linearMap, type LinearReader } from './structure/reader-system.ts';
import { assertFiniteWeights, countEach, describeOperators, floatsOf } from './weights.ts';

const operators = ['MatMul', 'Gemm', 'Conv'];
const scores = { magnitude: 'magnitude', wanda: 'Wanda', sparsegpt: 'SparseGPT' };

const patternParameters = z.strictObject({
  /** Weights that stay of each `of` neighbours along the input axis. */
  keep: z.int().min(1).max(31),
  of: z.int().min(2).max(32),
  score: z.enum(['magnitude', 'wanda', 'sparsegpt']),
});

const shareParameters = z.strictObject({
  /** Share of the weights of each product that become zero. */
  sparsity: z.number().gt(0).lt(1),
  score: z.enum(['wanda', 'sparsegpt']),
});

/**
 * Keeps n of each m neighbouring weights along the input axis of MatMul, Gemm and Conv, such as 2 of 4. Shapes stay: it saves
 * bytes after compression; time only where kernels for that pattern run, which ONNX Runtime has not from Node.
 */
export const pruneNM = definePartlyCalibratedPass({
  name: 'prune-n-m',
  kind: 'zeroes weights',
  form: nOfMForm,
  version: 5,
  operators,
  paysOn: [],
  parameters: patternParameters.refine(({ keep, of }) => keep < of, 'keep must be less than of'),
  needsCalibration: ({ score }) => score !== 'magnitude',
  needsNone: (settings) => ({ ...settings, score: 'magnitude' as const }),
  rewrite: (model, { keep, of, score }, calibration) =>
    prune(model, { score, pattern: { kind: 'n-m', keep, of } }, calibration),
});

/**
 * Sets weights of MatMul, Gemm and Conv to zero by scores that look at calibration data: magnitude times the norm of the input
 * (Wanda), or the loss after the other weights have made up for it (SparseGPT). Shapes stay, as with `prune-magnitude`.
 */
export const pruneScored = definePartlyCalibratedPass({
  name: 'prune-scored',
  kind: 'zeroes weights',
  form: scoredForm,
  version: 4,
  operators,
  paysOn: [],
  parameters: shareParameters,
  needsCalibration: () => true,
  rewrite: (model, { sparsity, score }, calibration) =>
    prune(model, { score, pattern: { kind: 'share', sparsity } }, calibration),
});

interface Plan {
  score: keyof typeof scores;
  pattern: SparsityPattern;
}

async function prune(source: OnnxModel, plan: Plan, calibration: Calibration | null): Promise<PassOutcome> {
  const model = await withStoredWeights(source, { operators, which: 'own' });
  const { weights, obstacles } = prunableWeights(model, plan);
  if (weights.length === 0) return { status: 'nothing-to-do', reason: explainNone(model, obstacles) };
  const pruned: Pruned[] = [];
  for (const chunk of plan.score === 'magnitude' ? [weights] : gramChunks(weights, widthOf)) {
    const readers = chunk.map(({ reader }) => reader);
    const grams = calibration === null ? [] : await featureGrams(model, readers, calibration);
    for (const [index, weight] of chunk.entries()) pruned.push(pruneOne(weight, plan, grams[index] ?? null));
  }
  const nothing = nothingCut(pruned);
  if (nothing !== null) return { status: 'nothing-to-do', reason: nothing };
  const made = new Map(pruned.map(({ from, tensor }) => [from, tensor]));
  return {
    status: 'applied',
    model: mapTensors(model, (tensor) => made.get(tensor) ?? tensor),
    summary: summarise(pruned, obstacles, plan),
  };
}

interface Prunable {
  weight: OnnxTensor;
  reader: LinearReader;
}

function widthOf({ reader }: Prunable): number {
  return reader.features;
}

/** Weights that one product reads and nothing else; those calibration sees in the outermost graph only. */
function prunableWeights(model: OnnxModel, plan: Plan): { weights: Prunable[]; obstacles: string[] } {
  const scopes = scopesOf(model.graph);
  const uses = usesOfStored(scopes);
  const found = scopes.flatMap((scope) =>
    nodesOf(scope.graph, operators).map((node) => {
      if (plan.score !== 'magnitude' && scope !== scopes[0])
        return 'inside a graph of a node, where calibration has no data';
      const weight = scope.constants.get(node.input[1] ?? '');
      const obstacle = weight === undefined ? leftObstacle(node, scope.constants) : null;
      if (obstacle !== null) return obstacle;
      if (weight === undefined) return 'whose weight is computed';
      if (weight.dataType !== elementTypeNumbers.float32)
        return `whose weight is stored as ${elementTypeName(weight.dataType)}, not float32`;
      if (elementCount(shapeOf(weight)) === 0) return emptyWeight;
      if (uses.get(weight) !== 1) return 'whose weight something else reads too';
      return prunable({ node, weight, graph: scope.graph }, plan);
    }),
  );
  return {
    weights: found.filter((one) => typeof one !== 'string'),
    obstacles: [
      ...found.filter((one) => typeof one === 'string'),
      ...functionObstacles(model.functions, operators),
    ],
  };
}

function prunable(
  { node, weight, graph }: { node: OnnxNode; weight: OnnxTensor; graph: OnnxGraph },
  { pattern }: Plan,
): Prunable | string {
  const isMatrix = node.opType === 'Conv' || weight.dims.length === 2;
  const reader = isMatrix ? linearMap(graph, { node, weight, units: new Int32Array(0) }) : null;
  if (reader === null) return 'that is grouped, scaled or stacked';
  const places = reader.features / reader.perPlace;
  if (pattern.kind === 'n-m' && places % pattern.of !== 0)
    return `whose inputs are no multiple of ${pattern.of}`;
  return { weight, reader: { ...reader, bias: null } };
}

function explainNone({ graph }: OnnxModel, obstacles: readonly string[]): string {
  const why = obstacles.length === 0 ? `the graph has ${describeOperators(graph)}` : countEach(obstacles);
  return `no MatMul, Gemm or Conv has weights to prune: ${why}`;
}

interface Pruned {
  from: OnnxTensor;
  tensor: OnnxTensor;
  size: number;
  zeros: number;
  zerosBefore: number;
}

/** SparseGPT moves weights by sums that are gone later, so what it makes is kept; the rest is made anew where it is asked for. */
function pruneOne({ weight, reader }: Prunable, plan: Plan, gram: SquareMatrix | null): Pruned {
  assertFiniteWeights(weight);
  const order = visitingOrder(reader);
  const norms =
    gram === null
      ? null
      : Float64Array.from(order, (feature) => Math.sqrt(gram.data[feature * gram.size + feature]!));
  const ordered = gram === null || plan.score !== 'sparsegpt' ? null : reordered(gram, order);
  const make = (): Float32Array => {
    const values = floatsOf(weight).slice();
    const layout = layoutOf(reader, order);
    const isSolved =
      ordered !== null && zeroByHessian(values, layout, { pattern: plan.pattern, gram: ordered });
    if (!isSolved) zeroSmallest(values, layout, { pattern: plan.pattern, norms });
    return values;
  };
  const made = make();
  const { name, dataType } = weight;
  const form = { name, dataType, shape: shapeOf(weight) };
  const tensor =
    ordered === null
      ? madeTensor({ ...form, from: weight, made, values: make })
      : createRawTensor(name, { ...form, rawData: new Uint8Array(made.buffer) });
  const [zeros, zerosBefore] = [countZeros(made), countZeros(floatsOf(weight))];
  return { from: weight, tensor, size: made.length, zeros, zerosBefore };
}

/** Neighbours are input channels at one place of the kernel, so features are visited place by place. */
function visitingOrder({ features, perPlace }: LinearReader): Int32Array {
  const places = features / perPlace;
  return Int32Array.from({ length: features }, (_, at) => (at % places) * perPlace + Math.floor(at / places));
}

function layoutOf({ features, outputs, isOutputFirst }: LinearReader, order: Int32Array): WeightLayout {
  return isOutputFirst
    ? { outputs, offsets: order, step: features }
    : { outputs, offsets: order.map((feature) => feature * outputs), step: 1 };
}

function reordered({ size, data }: SquareMatrix, order: Int32Array): SquareMatrix {
  const turned = new Float64Array(data.length);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++)
      turned[row * size + column] = data[order[row]! * size + order[column]!]!;
  }
  return { size, data: turned };
}

function countZeros(values: Float32Array): number {
  let zeros = 0;
  for (let at = 0; at < values.length; at++) if (values[at] === 0) zeros += 1;
  return zeros;
}

function summarise(
  pruned: readonly Pruned[],
  obstacles: readonly string[],
  { score, pattern }: Plan,
): string {
  const total = (of: (one: Pruned) => number): string =>
    pruned.reduce((sum, one) => sum + of(one), 0).toLocaleString('en-US');
  const how = pattern.kind === 'n-m' ? `${pattern.keep} of ${pattern.of} neighbours stay, ` : '';
  const left = obstacles.length === 0 ? '' : `; left as they are: ${countEach(obstacles)}`;
  return `${total(({ zeros }) => zeros)} of ${total(({ size }) => size)} weights are zero in ${pruned.length} MatMul, Gemm and Conv tensors; ${how}by ${scores[score]}${left}`;
}
