import type { OnnxModel } from '../../onnx/model.ts';
import type { Calibration } from '../calibration.ts';
import { assertFiniteWeights } from '../weights.ts';
import { cutModel, withSilenced } from './cut-model.ts';
import { dimensionsOf, type Dimension, type StructureKind } from './dimensions.ts';
import { eliminate, solveWithout, systemOf, type System } from './eliminate.ts';
import { jointProducts } from './joint-products.ts';
import { addedBias, linearReader, weightsOf, withRefit, type LinearReader } from './reader-system.ts';
import { refitLater } from './refit-later.ts';
import { keptCount, lowest, weightImportance } from './select.ts';
import { walkGraph } from './walk-graph.ts';
import { outputUnitsOf, type Cut, type Walk } from './walk.ts';

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

/**
 * A model on the way: its weights have the sizes of the original ones to the end, and those that make or read a removed unit are zero, so that
 * every value can be compared with that of the original model.
 */
export interface Pruning {
  original: OnnxModel;
  current: OnnxModel;
  walk: Walk;
  /** Roots of the units removed so far. */
  gone: ReadonlySet<number>;
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
  const walk = await walkGraph(original);
  const dimensions = dimensionsOf(walk).filter(({ kind }) => kind === plan.kind);
  const pruned: PrunedDimension[] = [];
  let pruning: Pruning = { original, current: original, walk, gone: new Set() };
  for (const dimension of dimensions) {
    const { madeBy, units, readers } = dimension;
    const keep = keptCount(units.length, plan);
    if (keep === units.length) continue;
    const step = await pruneDimension({ ...pruning, dimension, keep }, plan, calibration);
    pruning = step.pruning;
    pruned.push({
      madeBy,
      before: units.length,
      after: keep,
      readers: readers.length,
      refitted: step.refitted,
    });
  }
  const isSwept = plan.kind === 'heads' && plan.reconstruction === 'least-squares' && calibration !== null;
  const changedValues = new Set(
    dimensions.flatMap(({ readers }) => readers.flatMap(({ node }) => node.output)),
  );
  const current = isSwept ? await refitLater(pruning, changedValues, calibration) : pruning.current;
  return {
    model: cutModel(current, withAddedBiases(walk, current), pruning.gone),
    pruned,
    stops: walk.stops,
  };
}

/** A bias a refit has added goes with the outputs it is for. */
function withAddedBiases(walk: Walk, { graph }: OnnxModel): Walk {
  const stored = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const added = graph.node.flatMap((node): Cut[] => {
    const tensor = stored.get(addedBias(node));
    const units = outputUnitsOf(walk, node.input[1] ?? '');
    return tensor === undefined || units === null ? [] : [{ tensor, axis: 0, units, role: 'follows' }];
  });
  return { ...walk, cuts: [...walk.cuts, ...added] };
}

interface Task extends Pruning {
  dimension: Dimension;
  keep: number;
}

async function pruneDimension(
  task: Task,
  plan: StructurePlan,
  calibration: Calibration | null,
): Promise<{ pruning: Pruning; refitted: number }> {
  const { dimension, keep } = task;
  const cuts = currentCuts(task);
  for (const { tensor } of cuts) assertFiniteWeights(tensor);
  const fitted = calibration === null ? [] : await fittedReaders(task, calibration);
  const chosen =
    (plan.importance === 'activations' ? goneByData(task, fitted) : null) ??
    lowest(weightImportance({ ...dimension, cuts }), keep);
  const refits = plan.reconstruction === 'none' ? [] : fitted.flatMap((one) => refit(one, chosen) ?? []);
  const current = refits.reduce(withRefit, withSilenced(task.current, cuts, chosen));
  const { original, walk } = task;
  const gone = new Set([...task.gone, ...chosen]);
  return { pruning: { original, current, walk, gone }, refitted: refits.length };
}

/** With weights as they are by now. */
function currentCuts({ dimension, current }: Task): Cut[] {
  const stored = new Map(current.graph.initializer.map((tensor) => [tensor.name, tensor]));
  return dimension.cuts.map((cut) => ({ ...cut, tensor: stored.get(cut.tensor.name) ?? cut.tensor }));
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

async function fittedReaders(task: Task, calibration: Calibration): Promise<Fitted[]> {
  const { current, dimension, gone } = task;
  const readers = dimension.readers
    .map((reader) => linearReader(task, reader))
    .filter((reader) => reader !== null)
    .filter((reader) => reader.features <= maxSolved);
  if (readers.length === 0) return [];
  const products = await jointProducts(task, readers, calibration);
  return readers.map((reader, index) => {
    const weights = weightsOf(current.graph, reader);
    return { reader, system: systemOf({ reader, weights, gone }, products[index]!) };
  });
}

function refit(
  { reader, system }: Fitted,
  gone: ReadonlySet<number>,
): Parameters<typeof withRefit>[1] | null {
  const solved = solveWithout(system, gone);
  return solved === null ? null : { reader, solved };
}
