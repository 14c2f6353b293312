import * as z from 'zod';
import { inferValues } from '../onnx/infer.ts';
import { liftOpset, underOpset20 } from '../onnx/opset.ts';
import { changed, type OnnxModel, type OnnxNode } from '../onnx/model.ts';
import { foldModel } from '../onnx/optimize.ts';
import { affineOf, type Affine, type ActivationType } from './affine.ts';
import { calibrateRanges, rangeMethods } from './calibrate-ranges.ts';
import type { Calibration } from './calibration.ts';
import { withFullResizes } from './full-resizes.ts';
import { innerObstacles } from './inner-graphs.ts';
import { foldedForms, leftOutNodes, leftOutSchema } from './left-out.ts';
import type { Range } from './histogram.ts';
import { withPlainGemms } from './plain-gemms.ts';
import { defineCalibratedPass, type PassOutcome } from './pass.ts';
import { dataInputs, keepsRange, staticNodes, staticOperators, type StaticNodes } from './static-nodes.ts';
import { scratchFor } from './made-tensor.ts';
import { withResidualSums } from './residual-sums.ts';
import { raiseForBiases, staticWeights } from './static-parameters.ts';
import { writeQdq, type StaticPlan } from './static-rewrite.ts';
import { countEach, whyNoneQuantized } from './weights.ts';
import { staticForm } from './quantize-static-form.ts';
import { withSeparateSums } from './separate-sums.ts';

const parameters = z.strictObject({
  granularity: z.enum(['per-channel', 'per-tensor']),
  /** Type of activations; weights are int8, biases int32. */
  activations: z.enum(['uint8', 'int8']),
  /** How ranges are taken from calibration data. */
  ranges: z.enum(rangeMethods),
  /** Keeps int8 weights within 64: without VNNI two products in a 16-bit sum may saturate. */
  reduceRange: z.boolean(),
  leftOut: leftOutSchema,
});
type Parameters = z.output<typeof parameters>;

const products = ['Conv', 'Gemm', 'MatMul'];

/** Per-channel DequantizeLinear came with operator set 13. */
const neededOpset = 13;

/**
 * Computes in integers with ranges fixed beforehand by calibration data (Jacob et al. 2018): QuantizeLinear and DequantizeLinear around
 * Conv, Gemm and MatMul with constant weights and the nodes between them, which ONNX Runtime fuses to QLinearConv, QGemm and their like.
 * Weights, scales and zero points have the bits of `quantize_static` of onnxruntime 1.30 for the same ranges; a Gemm or MatMul
 * whose result only float nodes read gives floats.
 */
export const quantizeStatic = defineCalibratedPass({
  name: 'quantize-static',
  kind: 'quantizes',
  form: staticForm,
  version: 7,
  operators: staticOperators,
  paysOn: ['cpu'],
  parameters,
  rewrite: async (source, settings, calibration): Promise<PassOutcome> => {
    const folded = await foldModel(source);
    const values = await inferValues(folded);
    const lifted = liftOpset(folded, neededOpset, values);
    if ('reason' in lifted) return { status: 'nothing-to-do', reason: lifted.reason };
    const leftOut = foldedForms(leftOutNodes(source, settings.leftOut), source.graph, lifted.model.graph);
    const resized = withFullResizes(lifted.model, values);
    const plain = withSeparateSums(withPlainGemms(resized, leftOut), leftOut);
    const found = staticNodes(plain.graph, values, { type: settings.activations, leftOut });
    const obstacles = [...found.obstacles, ...innerObstacles(plain, products)];
    const nodes = { ...found, obstacles };
    if (nodes.products.length === 0) {
      const reason = whyNoneQuantized('Conv, MatMul or Gemm', plain.graph, obstacles);
      return { status: 'nothing-to-do', reason };
    }
    const plan = await planStatic(plain, nodes, { settings, calibration });
    const written = withResidualSums(changed(plain, { graph: writeQdq(plain.graph, plan) }));
    const model = settings.activations === 'int8' ? underOpset20(written) : written;
    return { status: 'applied', model, summary: summarise(nodes, settings, calibration) };
  },
});

interface Means {
  settings: Parameters;
  calibration: Calibration;
}

async function planStatic(
  model: OnnxModel,
  nodes: StaticNodes,
  { settings, calibration }: Means,
): Promise<StaticPlan> {
  const { activations: type, granularity, reduceRange } = settings;
  const limit = reduceRange ? 64 : 127;
  const weights = staticWeights(nodes.products, { granularity, limit, scratch: scratchFor(model.graph) });
  const sources = rangeSources(model, nodes);
  const names = [...new Set(sources.values())];
  const ranges = await calibrateRanges(model, calibration, { names, method: settings.ranges, type });
  const affines = affinesOf(sources, ranges, type);
  raiseForBiases(weights, ({ node }) => affines.get(node.input[0] ?? '')?.scale ?? NaN);
  return { nodes, affines, weights, type };
}

/** For every value that becomes integers the value whose range it takes: its own, or what a node that keeps ranges was given. */
function rangeSources({ graph }: OnnxModel, { products, links, makerOf }: StaticNodes): Map<string, string> {
  const constants = new Set(graph.initializer.map(({ name }) => name));
  const read = [
    ...products.map(({ node }) => node.input[0] ?? ''),
    ...[...links].flatMap(dataInputs).filter((name) => !constants.has(name)),
  ];
  const made = [...makerOf].filter(([, maker]) => links.has(maker) || maker.opType === 'Conv');
  const names = new Set([...read, ...made.map(([name]) => name)]);
  return new Map([...names].map((name) => [name, rangeSource(name, makerOf)]));
}

function rangeSource(name: string, makerOf: ReadonlyMap<string, OnnxNode>): string {
  let source = name;
  for (let maker = makerOf.get(source); maker !== undefined && keepsRange(maker); maker = makerOf.get(source))
    source = maker.input[0] ?? '';
  return source;
}

function affinesOf(
  sources: ReadonlyMap<string, string>,
  ranges: ReadonlyMap<string, Range>,
  type: ActivationType,
): Map<string, Affine> {
  return new Map(
    [...sources].map(([name, source]) => [name, affineOf(ranges.get(source) ?? { low: 0, high: 0 }, type)]),
  );
}

function summarise(
  { products, links, obstacles }: StaticNodes,
  settings: Parameters,
  { description }: Calibration,
): string {
  const total = products.length + obstacles.length;
  const how = settings.granularity === 'per-channel' ? 'per channel' : 'per tensor';
  const between = countEach([...links].map(({ opType }) => opType));
  return [
    `${products.length} of ${total} Conv, Gemm and MatMul weights quantized to int8, ${how}`,
    ...(settings.reduceRange ? [', range reduced to 7 bits'] : []),
    `; activations ${settings.activations}, ${settings.ranges} ranges of ${description}`,
    ...(links.size === 0 ? [] : [`; in integers between them: ${between}`]),
    ...(obstacles.length === 0 ? [] : [`; left in float: ${countEach(obstacles)}`]),
  ].join('');
}
