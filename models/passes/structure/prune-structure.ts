import type { OnnxModel } from '../../onnx/model.ts';
import type { Calibration } from '../calibration.ts';
import { assertFiniteWeights } from '../weights.ts';
import { cutModel, withSilenced } from './cut-model.ts';
import { dimensionsOf, type Dimension, type StructureKind } from './dimensions.ts';
import { eliminate, solveWithout } from './eliminate.ts';
import { canEliminate, fittedReaders, refitObstacle, type FittedReader } from './fitted-readers.ts';
import { addedBias, withRefit } from './reader-system.ts';
import { refitLater } from './refit-later.ts';
import { partsOf, type Remainder } from './remainder.ts';
import { keptCount, lowest, unitMultiple, weightImportance } from './select.ts';
import { unitBudget } from './unit-budget.ts';
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
  /** Places of a unit, as told of a dimension. */
  width: number;
  /** Products that read it, and how many of them were refitted. */
  readers: number;
  refitted: number;
  /** What kept the others from it. */
  obstacles: readonly string[];
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

/**
 * Removes units of one kind, layer by layer from the input on, so that each refit sees what the layers before it have become and
 * aims at what the original model puts out; without heads, what comes after them is refitted too, as no refit of the product that
 * reads them can tell which places should have been looked at. Calibration is needed where importance or reconstruction look at data.
 * `found` counts the layers that have such units, if no more than stay, `uncut` tells why weights cannot lose any.
 */
export async function pruneStructure(
  original: OnnxModel,
  plan: StructurePlan,
  calibration: Calibration | null,
): Promise<{ model: OnnxModel; pruned: PrunedDimension[]; found: number; stops: string[]; uncut: string[] }> {
  const walk = await walkGraph(original);
  const start: Pruning = { original, current: original, walk, gone: new Set() };
  const dimensions = dimensionsOf(walk).filter(({ kind }) => kind === plan.kind);
  for (const { tensor } of dimensions.flatMap(({ cuts }) => cuts)) assertFiniteWeights(tensor);
  const kept = await keptOfEach(start, { dimensions, plan }, calibration);
  const smaller = dimensions
    .map((dimension, at) => ({ dimension, keep: kept[at]! }))
    .filter(({ dimension, keep }) => keep < dimension.units.length);
  const isRefitted = plan.reconstruction === 'least-squares' && calibration !== null;
  const pruned: PrunedDimension[] = [];
  let pruning = start;
  for (const { dimension, keep } of smaller) {
    const { madeBy, units, width, readers } = dimension;
    const remainder = { keep, parts: partsOf(walk, units, pruning.gone) };
    const step = await pruneDimension({ ...pruning, dimension, remainder }, plan, calibration);
    pruned.push({
      madeBy,
      width,
      before: units.length,
      after: units.length - (step.pruning.gone.size - pruning.gone.size),
      readers: readers.length,
      refitted: step.refitted,
      obstacles: isRefitted ? readers.flatMap((one) => refitObstacle(original.graph, one) ?? []) : [],
    });
    pruning = step.pruning;
  }
  const changedValues = new Set(
    smaller.flatMap(({ dimension }) => dimension.readers.flatMap(({ node }) => node.output)),
  );
  const isSwept = isRefitted && plan.kind === 'heads';
  const current = isSwept ? await refitLater(pruning, changedValues, calibration) : pruning.current;
  return {
    model: cutModel(current, withAddedBiases(walk, current), pruning.gone),
    pruned,
    found: dimensions.length,
    stops: walk.stops,
    uncut: [...walk.uncut.values()],
  };
}

/** Heads and neurons share a budget where data choose them; channels, which layers compute at more or fewer places, go by the same share from every layer. */
async function keptOfEach(
  start: Pruning,
  wanted: { dimensions: readonly Dimension[]; plan: StructurePlan },
  calibration: Calibration | null,
): Promise<number[]> {
  const { dimensions, plan } = wanted;
  const isShared = plan.kind !== 'channels' && plan.importance === 'activations' && calibration !== null;
  const shared = isShared ? await unitBudget(start, wanted, calibration) : null;
  const keptOf = (dimension: Dimension): number =>
    keptCount(dimension.units.length, { ...plan, multiple: unitMultiple(dimension, plan.multiple) });
  return shared ?? dimensions.map(keptOf);
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
  remainder: Remainder;
}

async function pruneDimension(
  task: Task,
  plan: StructurePlan,
  calibration: Calibration | null,
): Promise<{ pruning: Pruning; refitted: number }> {
  const { dimension, remainder } = task;
  const cuts = currentCuts(task);
  const fitted = calibration === null ? [] : await fittedReaders(task, dimension, calibration);
  const chosen =
    (plan.importance === 'activations' ? goneByData(task, fitted) : null) ??
    lowest(weightImportance({ ...dimension, cuts }), remainder);
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
function goneByData({ dimension, remainder }: Task, fitted: readonly FittedReader[]): Set<number> | null {
  if (!canEliminate(fitted)) return null;
  const systems = fitted.map(({ system }) => system);
  const removals = eliminate(systems, dimension.units, remainder);
  return removals === null ? null : new Set(removals.map(({ unit }) => unit));
}

function refit(
  { reader, system }: FittedReader,
  gone: ReadonlySet<number>,
): Parameters<typeof withRefit>[1] | null {
  const solved = solveWithout(system, gone);
  return solved === null ? null : { reader, solved };
}
