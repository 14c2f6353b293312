import * as z from 'zod';
import { withStoredConstants } from '../onnx/constant-nodes.ts';
import { neededPart, withoutUnused } from '../onnx/graph.ts';
import { changed, type OnnxModel } from '../onnx/model.ts';
import type { Calibration } from './calibration.ts';
import { innerObstacles } from './inner-graphs.ts';
import { definePartlyCalibratedPass, type PartlyCalibratedPass, type PassOutcome } from './pass.ts';
import { structuredForm } from './prune-structures-form.ts';
import type { StructureKind } from './structure/dimensions.ts';
import { pruneStructure, type PrunedDimension, type StructurePlan } from './structure/prune-structure.ts';
import { withPlainGemms } from './plain-gemms.ts';
import { withStoredWeights } from './stored-weights.ts';
import { withOwnBiases } from './structure/own-biases.ts';
import { withOwnVectors } from './structure/own-vectors.ts';
import { withPlainReshapes } from './structure/plain-reshapes.ts';
import { countEach, describeOperators } from './weights.ts';

const parameters = z.strictObject({
  /** Share of the units that goes: of each layer, of heads and neurons chosen by activations of all layers together. */
  sparsity: z.number().gt(0).lt(1),
  /** By the L2 norms of what makes and reads a unit, or by what its readers' outputs lose on calibration data. */
  importance: z.enum(['weights', 'activations']),
  /** Whether products that read removed units are refitted on calibration data. */
  reconstruction: z.enum(['none', 'least-squares']),
  /** What stays is a multiple of it, where there are as many. */
  multiple: z.int().min(1).max(256),
});
type Parameters = z.output<typeof parameters>;

const products = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'];

/** Removes neurons: outputs of MatMul and Gemm, with all that reads them. Weights shrink, so every device gains. */
export const pruneNeurons = structuredPass('neurons', ['MatMul', 'Gemm']);

/** Removes channels: outputs of Conv with batch normalisation, depthwise kernels and residual sums along them, and all that reads them. */
export const pruneChannels = structuredPass('channels', [
  'Conv',
  'ConvTranspose',
  'BatchNormalization',
  'MatMul',
  'Gemm',
]);

/** Removes attention heads: the columns of query, key and value that make one, and the rows that read it. */
export const pruneHeads = structuredPass('heads', ['MatMul', 'Gemm']);

function structuredPass(kind: StructureKind, operators: readonly string[]): PartlyCalibratedPass {
  return definePartlyCalibratedPass({
    name: `prune-${kind}`,
    kind: 'removes units',
    form: structuredForm(kind),
    version: 16,
    operators,
    paysOn: ['cpu', 'wasm', 'cuda', 'webgpu'],
    parameters,
    needsCalibration: ({ importance, reconstruction }) =>
      importance === 'activations' || reconstruction === 'least-squares',
    needsNone: (settings) => ({
      ...settings,
      importance: 'weights' as const,
      reconstruction: 'none' as const,
    }),
    rewrite: (model, settings, calibration) => prune({ model, kind }, settings, calibration),
  });
}

async function prune(
  { model, kind }: { model: OnnxModel; kind: StructureKind },
  settings: Parameters,
  calibration: Calibration | null,
): Promise<PassOutcome> {
  const held = withNeededNodes(await withPlainReshapes(withOwnVectors(withStoredConstants(model))));
  const stored = withPlainGemms(await withStoredWeights(held, { operators: products, which: 'own' }));
  const plan = { kind, ...settings };
  const made = await pruneStructure(withOwnBiases(stored), plan, calibration);
  const { model: smaller, pruned, found } = made;
  if (pruned.length === 0) {
    const reason = found === 0 ? explainNone(model, kind, made) : explainFew(found, plan);
    return { status: 'nothing-to-do', reason };
  }
  return {
    status: 'applied',
    model: smaller,
    summary: `${summarise(pruned, kind, calibration)}${describeInner(model)}`,
  };
}

/** Units of nodes that no output needs would be counted. */
function withNeededNodes(model: OnnxModel): OnnxModel {
  const { output, initializer } = model.graph;
  const names = output.map(({ name }) => name);
  const needed = changed(model.graph, { node: neededPart(model.graph, names).node });
  return changed(model, { graph: withoutUnused(needed, new Set(initializer.map(({ name }) => name))) });
}

function explainNone(
  model: OnnxModel,
  kind: StructureKind,
  { stops, uncut }: Record<'stops' | 'uncut', readonly string[]>,
): string {
  const where = stops.length === 0 ? '' : `; not followed through ${countEach(stops)}`;
  const weights = uncut.length === 0 ? '' : `; weights that must stay: ${countEach(uncut)}`;
  return `no layer has ${kind} that could go without changing an input, an output or what stays: the graph has ${describeOperators(model.graph)}${where}${weights}`;
}

/** Layers of few units lose none where what stays is a multiple of more. */
function explainFew(found: number, { kind, multiple }: Pick<StructurePlan, 'kind' | 'multiple'>): string {
  const layers = found === 1 ? '1 layer has' : `${found} layers have`;
  const rounded = multiple === 1 ? '' : ` in multiples of ${multiple}; -multiple-1 takes any number`;
  return `${layers} ${kind}, but too few to lose this share of them${rounded}`;
}

function summarise(
  pruned: readonly PrunedDimension[],
  kind: StructureKind,
  calibration: Calibration | null,
): string {
  const layers = pruned.map(({ madeBy, before, after }) => `${madeBy.join(' and ')} ${before} to ${after}`);
  const removed = total(pruned, ({ before, after }) => before - after);
  const readers = total(pruned, (one) => one.readers);
  const refitted = total(pruned, (one) => one.refitted);
  const obstacles = countEach(pruned.flatMap((one) => one.obstacles));
  const fit =
    refitted === 0 || calibration === null
      ? 'not refitted'
      : `${refitted} of ${readers} products that read them refitted on ${calibration.description}`;
  const left = obstacles === '' ? '' : `; weights kept: ${obstacles}`;
  const units = kind !== 'heads' && pruned.some(({ width }) => width > 1) ? `sets of ${kind}` : kind;
  return `${removed} of ${total(pruned, ({ before }) => before)} ${units} removed (${layers.join(', ')}); ${fit}${left}`;
}

/** Products the walk does not see. */
function describeInner(model: OnnxModel): string {
  const inner = innerObstacles(model, products);
  return inner.length === 0 ? '' : `; products left as they are: ${countEach(inner)}`;
}

function total(pruned: readonly PrunedDimension[], of: (one: PrunedDimension) => number): number {
  return pruned.reduce((sum, one) => sum + of(one), 0);
}
