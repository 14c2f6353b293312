import type { OnnxModel } from '../../onnx/model.ts';
import type { Calibration } from '../calibration.ts';
import type { Dimension } from './dimensions.ts';
import { eliminate } from './eliminate.ts';
import { canEliminate, fittedReaders, type FittedReader } from './fitted-readers.ts';
import type { Pruning, StructurePlan } from './prune-structure.ts';
import { keptCount } from './select.ts';

/**
 * How many heads of each layer stay where all layers share one budget: the next to go is always the one without which the value
 * that its layer's output goes into errs least, even after a refit, as a share of that value's spread. Layers differ much in what
 * their heads are worth (Michel et al. 2019), and what is added to a wide residual sum weighs little in it. Null where a layer is too
 * wide to choose by data.
 */
export async function headBudget(
  pruning: Pruning,
  { dimensions, plan }: { dimensions: readonly Dimension[]; plan: StructurePlan },
  calibration: Calibration,
): Promise<number[] | null> {
  const layers: Layer[] = [];
  for (const dimension of dimensions) {
    const fitted = await fittedReaders(pruning, dimension, calibration);
    const costs = await removalCosts({ pruning, fitted, dimension }, calibration);
    if (costs === null) return null;
    layers.push({ kept: costs.length + 1, costs });
  }
  const total = keptCount(keptIn(layers), plan);
  while (keptIn(layers) > total && removeCheapest(layers, plan.multiple));
  return layers.map(({ kept }) => kept);
}

/** Heads of a layer that are left, and what it costs to remove each but one, the first to go first. */
interface Layer {
  kept: number;
  costs: readonly number[];
}

async function removalCosts(
  { pruning, fitted, dimension }: { pruning: Pruning; fitted: FittedReader[]; dimension: Dimension },
  calibration: Calibration,
): Promise<number[] | null> {
  if (!canEliminate(fitted)) return null;
  const names = fitted.map(({ reader }) => reader.target.name);
  const spreads = await spreadsOf(pruning.original, names, calibration);
  const systems = fitted.map(({ system, reader }) => ({ ...system, worth: spreads.get(reader.target.name) }));
  return eliminate(systems, dimension.units, 1)?.map(({ cost }) => cost) ?? null;
}

/** Sum of the squared distances of all positions of each value from their mean, over the places of the last axis. */
async function spreadsOf(
  model: OnnxModel,
  names: readonly string[],
  calibration: Calibration,
): Promise<ReadonlyMap<string, number>> {
  const sums = new Map(names.map((name) => [name, { rows: 0, squares: 0, totals: new Float64Array() }]));
  for await (const batch of calibration.activations(model, [...sums.keys()])) {
    for (const [name, sum] of sums) {
      const { data, shape } = batch[name]!;
      const width = shape.at(-1)!;
      if (sum.totals.length === 0) sum.totals = new Float64Array(width);
      sum.rows += data.length / width;
      for (const [index, value] of (data as Float32Array).entries()) {
        sum.squares += value ** 2;
        sum.totals[index % width] = sum.totals[index % width]! + value;
      }
    }
  }
  return new Map(
    [...sums].map(([name, { rows, squares, totals }]) => [
      name,
      squares - totals.reduce((sum, total) => sum + total ** 2, 0) / rows,
    ]),
  );
}

/** Takes as many heads as it takes to a multiple from the layer that loses least by each; false where no layer has any to lose. */
function removeCheapest(layers: readonly Layer[], multiple: number): boolean {
  const steps = layers
    .map((layer) => ({ layer, count: layer.kept % multiple || multiple }))
    .filter(({ layer, count }) => layer.kept > count)
    .map(({ layer, count }) => ({ layer, count, cost: nextCost(layer, count) }));
  const [cheapest] = steps.toSorted((a, b) => a.cost - b.cost);
  if (cheapest === undefined) return false;
  cheapest.layer.kept -= cheapest.count;
  return true;
}

/** Mean of the next to go. */
function nextCost({ kept, costs }: Layer, count: number): number {
  const first = costs.length + 1 - kept;
  return costs.slice(first, first + count).reduce((sum, cost) => sum + cost, 0) / count;
}

function keptIn(layers: readonly Layer[]): number {
  return layers.reduce((sum, { kept }) => sum + kept, 0);
}
