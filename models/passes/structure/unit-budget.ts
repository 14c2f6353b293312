import { elementCount } from '../../../core/tensor.ts';
import type { OnnxModel } from '../../onnx/model.ts';
import { shapeOf } from '../../onnx/tensor.ts';
import type { Calibration } from '../calibration.ts';
import type { Dimension } from './dimensions.ts';
import { eliminate } from './eliminate.ts';
import { canEliminate, fittedInTurn, refittable, type FittedReader } from './fitted-readers.ts';
import type { Pruning, StructurePlan } from './prune-structure.ts';
import { partsOf, type Remainder } from './remainder.ts';
import { keptCount, unitMultiple } from './select.ts';

/**
 * How many units of each layer stay where all layers share one budget: the next to go is always the one without which the value that its
 * layer's output goes into errs least, even after a refit, as a share of that value's spread and for each weight that goes with it.
 * Layers differ much in what their units are worth (Michel et al. 2019), and what is added to a wide residual sum weighs little in
 * it. About as many weights go as by the same share of each layer. Null where a layer is too wide to choose by data.
 */
export async function unitBudget(
  pruning: Pruning,
  { dimensions, plan }: { dimensions: readonly Dimension[]; plan: StructurePlan },
  calibration: Calibration,
): Promise<number[] | null> {
  const readers = dimensions.flatMap((dimension) => refittable(pruning, dimension));
  if (readers.length === 0) return null;
  const targets = readers.map(({ target }) => target.name);
  const spreads = await spreadsOf(pruning.original, targets, calibration);
  const layers: Layer[] = [];
  for await (const fitted of fittedInTurn(pruning, dimensions, calibration)) {
    const dimension = dimensions[layers.length]!;
    const { units } = dimension;
    const parts = partsOf(pruning.walk, units, pruning.gone);
    const costs = removalCosts(fitted, { units, spreads, parts });
    if (costs === null) return null;
    const unitWeights = unitWeightsOf(dimension);
    const multiple = unitMultiple(dimension, plan.multiple);
    layers.push({ units: units.length, kept: units.length, multiple, costs, unitWeights });
  }
  const units = layers.reduce((sum, { kept }) => sum + kept, 0);
  const wanted = weightsIn(layers) * (keptCount(units, plan) / units);
  while (removeCheapest(layers, weightsIn(layers) - wanted));
  return layers.map(({ kept }) => kept);
}

/** Units of a layer, how many are left, and what it costs to remove each that may go, the first to go first. */
interface Layer {
  units: number;
  kept: number;
  /** How many stay is a multiple of it. */
  multiple: number;
  costs: readonly number[];
  /** Weights that make or read one unit. */
  unitWeights: number;
}

function unitWeightsOf({ cuts, units }: Dimension): number {
  const own = cuts.filter(({ role }) => role !== 'follows');
  return own.reduce((sum, { tensor }) => sum + elementCount(shapeOf(tensor)), 0) / units.length;
}

interface Budgeted extends Pick<Remainder, 'parts'> {
  units: readonly number[];
  spreads: ReadonlyMap<string, number>;
}

function removalCosts(fitted: readonly FittedReader[], { units, spreads, parts }: Budgeted): number[] | null {
  if (!canEliminate(fitted)) return null;
  const systems = fitted.map(({ system, reader }) => ({ ...system, worth: spreads.get(reader.target.name) }));
  return eliminate(systems, units, { keep: 1, parts })?.map(({ cost }) => cost) ?? null;
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
      for (let index = 0; index < data.length; index++) {
        const value = Number(data[index]);
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

/**
 * Takes as many units as it takes to a multiple from the layer that loses least by each weight; false where no layer has any to lose, or
 * more weights would be missing then than are too many now.
 */
function removeCheapest(layers: readonly Layer[], excess: number): boolean {
  const steps = layers
    .map((layer) => ({ layer, count: layer.kept % layer.multiple || layer.multiple }))
    .filter(({ layer: { units, kept, costs }, count }) => kept - count >= units - costs.length)
    .map(({ layer, count }) => ({ layer, count, cost: nextCost(layer, count) }));
  const [cheapest] = steps.toSorted((a, b) => a.cost - b.cost);
  if (cheapest === undefined || cheapest.count * cheapest.layer.unitWeights > 2 * excess) return false;
  cheapest.layer.kept -= cheapest.count;
  return true;
}

/** Mean of the next to go, for each weight. */
function nextCost({ units, kept, costs, unitWeights }: Layer, count: number): number {
  const first = units - kept;
  const next = costs.slice(first, first + count);
  return next.reduce((sum, cost) => sum + cost, 0) / (count * unitWeights);
}

function weightsIn(layers: readonly Layer[]): number {
  return layers.reduce((sum, { kept, unitWeights }) => sum + kept * unitWeights, 0);
}
