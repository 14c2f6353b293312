import type { OnnxModel } from '../../onnx/model.ts';
import type { Calibration } from '../calibration.ts';
import { assertFiniteWeights } from '../weights.ts';
import { cutModel } from './cut-model.ts';
import { dimensionsOf, type Dimension, type StructureKind } from './dimensions.ts';
import { eliminate, solveWithout, systemOf, type System } from './eliminate.ts';
import { jointProducts } from './joint-products.ts';
import { linearReader, weightsOf, withRefit, type LinearReader } from './reader-system.ts';
import { refitLater } from './refit-later.ts';
import { keptCount, lowest, weightImportance } from './select.ts';
import { walkGraph } from './walk-graph.ts';
import type { Walk } from './walk.ts';

/** How much of a structure goes, which, and what is done about it. */
export interface StructurePlan {
  kind: StructureKind;
  sparsity: number;
  /** Units that stay are a multiple of it, where there are as many. */
  multiple: number;
  /** By the weights alone, or by what the outputs lose on calibration data. */
  importance: 'weights' | 'activations';
  reconstruction: 'none' | 'least-squares';
}

/** What became of one dimension. */
export interface PrunedDimension {
  madeBy: readonly string[];
  before: number;
  after: number;
  /** Products that read it, and how many of them were refitted. */
  readers: number;
  refitted: number;
}

/** Above it the order of removal comes from the weights: the time of an elimination grows with the cube. */
const maxEliminated = 1536;
/** Above it a product is not refitted. */
const maxSolved = 6144;

/**
 * Removes units of one kind, layer by layer from the input on, so that each refit sees what the layers before it have become and
 * aims at what the original model puts out; without heads, what comes after them is refitted too, as no refit of the product that
 * reads them can tell which places should have been looked at. Calibration is needed where importance or reconstruction look at data.
 */
export async function pruneStructure(
  original: OnnxModel,
  plan: StructurePlan,
  calibration: Calibration | null,
): Promise<{ model: OnnxModel; pruned: PrunedDimension[]; stops: string[] }> {
  const first = await walkGraph(original);
  const pruned: PrunedDimension[] = [];
  let current = original;
  for (const { madeBy } of wantedDimensions(first, plan)) {
    const walk = current === original ? first : await walkGraph(current);
    const dimension = wantedDimensions(walk, plan).find((one) => one.madeBy.join() === madeBy.join());
    if (dimension === undefined) continue;
    const keep = keptCount(dimension.units.length, plan);
    if (keep === dimension.units.length) continue;
    const step = await pruneDimension({ original, current, walk, dimension, keep }, plan, calibration);
    current = step.model;
    pruned.push({
      madeBy,
      before: dimension.units.length,
      after: keep,
      readers: dimension.readers.length,
      refitted: step.refitted,
    });
  }
  const isSwept = plan.kind === 'heads' && plan.reconstruction === 'least-squares' && calibration !== null;
  const model = isSwept
    ? await refitLater({ original, current }, valuesAfter(first, plan), calibration)
    : current;
  return { model, pruned, stops: first.stops };
}

/** What the products that read the pruned units put out. */
function valuesAfter(walk: Walk, plan: StructurePlan): Set<string> {
  const readers = wantedDimensions(walk, plan).flatMap((dimension) => dimension.readers);
  return new Set(readers.flatMap(({ node }) => node.output));
}

function wantedDimensions(walk: Walk, { kind }: StructurePlan): Dimension[] {
  return dimensionsOf(walk).filter((dimension) => dimension.kind === kind);
}

interface Task {
  original: OnnxModel;
  current: OnnxModel;
  walk: Walk;
  dimension: Dimension;
  keep: number;
}

async function pruneDimension(
  task: Task,
  plan: StructurePlan,
  calibration: Calibration | null,
): Promise<{ model: OnnxModel; refitted: number }> {
  const { current, walk, dimension, keep } = task;
  for (const { tensor } of dimension.cuts) assertFiniteWeights(tensor);
  const fitted = calibration === null ? [] : await fittedReaders(task, calibration);
  const gone =
    (plan.importance === 'activations' ? goneByData(task, fitted) : null) ??
    lowest(weightImportance(dimension), keep);
  const refits = plan.reconstruction === 'none' ? [] : fitted.flatMap((one) => refit(one, gone) ?? []);
  const model = refits.reduce(withRefit, current);
  return { model: cutModel(model, walk, (root) => gone.has(root)), refitted: refits.length };
}

/** Null where there are no data to choose by. */
function goneByData({ dimension, keep }: Task, fitted: readonly Fitted[]): Set<number> | null {
  if (fitted.length === 0) return null;
  const systems = fitted.map(({ system }) => system);
  const isSmall = systems.every(({ units }) => units.length <= maxEliminated);
  return isSmall ? eliminate(systems, dimension.units, keep) : null;
}

interface Fitted {
  reader: LinearReader;
  system: System;
}

async function fittedReaders(
  { original, current, dimension }: Task,
  calibration: Calibration,
): Promise<Fitted[]> {
  const readers = dimension.readers
    .map((reader) => linearReader(current.graph, reader))
    .filter((reader) => reader !== null)
    .filter((reader) => reader.features <= maxSolved);
  if (readers.length === 0) return [];
  const products = await jointProducts({ original, current }, readers, calibration);
  return readers.map((reader, index) => ({
    reader,
    system: systemOf(reader, products[index]!, weightsOf(current.graph, reader)),
  }));
}

function refit(
  { reader, system }: Fitted,
  gone: ReadonlySet<number>,
): Parameters<typeof withRefit>[1] | null {
  const solved = solveWithout(system, gone);
  if (solved === null) return null;
  const end = reader.features * reader.outputs;
  const constants = reader.bias === null ? null : solved.subarray(end);
  return { reader, weights: solved.subarray(0, end), constants };
}
