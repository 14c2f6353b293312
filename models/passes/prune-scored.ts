import { z } from 'zod';
import { elementTypeNumbers } from '../onnx/element-type.ts';
import { countUses } from '../onnx/graph.ts';
import { changed, type OnnxModel } from '../onnx/model.ts';
import { createTensor, shapeOf } from '../onnx/tensor.ts';
import type { Calibration } from './calibration.ts';
import type { SquareMatrix } from './cholesky.ts';
import { definePartlyCalibratedPass, type PassOutcome } from './pass.ts';
import { nOfMForm, scoredForm } from './prune-scored-form.ts';
import { zeroByHessian, zeroSmallest, type SparsityPattern } from './sparsity-pattern.ts';
import { jointProducts } from './structure/joint-products.ts';
import { linearMap, weightsOf, type LinearReader } from './structure/reader-system.ts';
import { assertFiniteWeights, countEach, describeOperators, nodesOf } from './weights.ts';

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
  version: 1,
  operators,
  paysOn: [],
  parameters: patternParameters.refine(({ keep, of }) => keep < of, 'keep must be less than of'),
  needsCalibration: ({ score }) => score !== 'magnitude',
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
  version: 1,
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

async function prune(model: OnnxModel, plan: Plan, calibration: Calibration | null): Promise<PassOutcome> {
  const { readers, obstacles } = prunableReaders(model, plan);
  if (readers.length === 0) return { status: 'nothing-to-do', reason: explainNone(model, obstacles) };
  let pruned = model;
  for (const chunk of plan.score === 'magnitude' ? [readers] : chunksOf(readers)) {
    const grams =
      plan.score === 'magnitude' || calibration === null ? [] : await gramsOf(model, chunk, calibration);
    for (const [index, reader] of chunk.entries())
      pruned = withZeros(pruned, { reader, plan, gram: grams[index] });
  }
  return { status: 'applied', model: pruned, summary: summarise({ pruned, readers, obstacles }, plan) };
}

/** Products with weights of their own, as linear maps. */
function prunableReaders(
  { graph }: OnnxModel,
  { pattern }: Plan,
): { readers: LinearReader[]; obstacles: string[] } {
  const stored = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const uses = countUses(graph);
  const found = nodesOf(graph, operators).map((node): LinearReader | string => {
    const weight = stored.get(node.input[1] ?? '');
    if (weight?.dataType !== elementTypeNumbers.float32) return 'whose weight is no float32 constant';
    if (uses.get(weight.name) !== 1) return 'whose weight something else reads too';
    const isMatrix = node.opType === 'Conv' || weight.dims.length === 2;
    const reader = isMatrix ? linearMap(graph, { node, weight, units: new Int32Array(0) }) : null;
    if (reader === null) return 'that is grouped, scaled or stacked';
    assertFiniteWeights(weight);
    const places = reader.features / reader.perPlace;
    if (pattern.kind === 'n-m' && places % pattern.of !== 0)
      return `whose inputs are no multiple of ${pattern.of}`;
    return { ...reader, bias: null };
  });
  return {
    readers: found.filter((one) => typeof one !== 'string'),
    obstacles: found.filter((one) => typeof one === 'string'),
  };
}

function explainNone({ graph }: OnnxModel, obstacles: readonly string[]): string {
  const why = obstacles.length === 0 ? `the graph has ${describeOperators(graph)}` : countEach(obstacles);
  return `no MatMul, Gemm or Conv has weights to prune: ${why}`;
}

/** Values of Gram matrices held at once: 256 MB of them. */
const maxGramValues = 2 ** 25;

function chunksOf(readers: readonly LinearReader[]): LinearReader[][] {
  const chunks: LinearReader[][] = [];
  let room = 0;
  for (const reader of readers) {
    const values = reader.features ** 2;
    if (values > room || chunks.length === 0) {
      chunks.push([]);
      room = maxGramValues;
    }
    room -= values;
    chunks.at(-1)?.push(reader);
  }
  return chunks;
}

async function gramsOf(
  model: OnnxModel,
  readers: readonly LinearReader[],
  calibration: Calibration,
): Promise<SquareMatrix[]> {
  const products = await jointProducts({ original: model, current: model }, readers, calibration);
  return products.map(({ gram }) => gram);
}

interface Pruning {
  reader: LinearReader;
  plan: Plan;
  gram: SquareMatrix | undefined;
}

/** Neighbours are input channels at one place of the kernel, so features are visited place by place. */
function withZeros(model: OnnxModel, { reader, plan, gram }: Pruning): OnnxModel {
  const { features, outputs, perPlace, isOutputFirst, weightName } = reader;
  const stored = weightsOf(model.graph, reader);
  const places = features / perPlace;
  const order = Int32Array.from(
    { length: features },
    (_, at) => (at % places) * perPlace + Math.floor(at / places),
  );
  const data = new Float64Array(stored.length);
  for (let at = 0; at < data.length; at++)
    data[at] = stored[order[at % features]! * outputs + Math.floor(at / features)]!;
  zero({ features, data }, plan, gram === undefined ? null : reordered(gram, order));
  const values = new Float32Array(stored.length);
  for (let at = 0; at < data.length; at++) {
    const [feature, output] = [order[at % features]!, Math.floor(at / features)];
    values[isOutputFirst ? output * features + feature : feature * outputs + output] = data[at]!;
  }
  const initializer = model.graph.initializer.map((tensor) =>
    tensor.name === weightName
      ? createTensor(weightName, { type: 'float32', shape: shapeOf(tensor), data: values })
      : tensor,
  );
  return changed(model, { graph: changed(model.graph, { initializer }) });
}

function reordered({ size, data }: SquareMatrix, order: Int32Array): SquareMatrix {
  return {
    size,
    data: data.map((_, index) => data[order[Math.floor(index / size)]! * size + order[index % size]!]!),
  };
}

/** Without a Gram matrix all features count the same. */
function zero(
  weights: { features: number; data: Float64Array },
  { score, pattern }: Plan,
  gram: SquareMatrix | null,
): void {
  if (gram !== null && score === 'sparsegpt' && zeroByHessian(weights, pattern, gram)) return;
  const norms = new Float64Array(weights.features).map((_, at) =>
    gram === null ? 1 : Math.sqrt(gram.data[at * gram.size + at]!),
  );
  zeroSmallest(weights, pattern, norms);
}

interface Done {
  pruned: OnnxModel;
  readers: readonly LinearReader[];
  obstacles: readonly string[];
}

function summarise({ pruned, readers, obstacles }: Done, { score, pattern }: Plan): string {
  const weights = readers.map((reader) => weightsOf(pruned.graph, reader));
  const size = weights.reduce((sum, { length }) => sum + length, 0);
  const zeros = weights.reduce((sum, values) => sum + values.filter((value) => value === 0).length, 0);
  const how = pattern.kind === 'n-m' ? `${pattern.keep} of ${pattern.of} neighbours stay, ` : '';
  const left = obstacles.length === 0 ? '' : `; left as they are: ${countEach(obstacles)}`;
  return `${zeros.toLocaleString('en-US')} of ${size.toLocaleString('en-US')} weights are zero in ${readers.length} MatMul, Gemm and Conv tensors; ${how}by ${scores[score]}${left}`;
}
