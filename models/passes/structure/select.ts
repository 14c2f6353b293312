import { elementCount } from '../../../core/tensor.ts';
import { shapeOf } from '../../onnx/tensor.ts';
import { floatsOf } from '../weights.ts';
import { greatestDivisor, type Dimension } from './dimensions.ts';
import { startGuard, type Remainder } from './remainder.ts';
import type { Cut } from './walk.ts';

/** How many units of a dimension stay: the share, rounded to a multiple, and never none. */
export function keptCount(
  units: number,
  { sparsity, multiple }: { sparsity: number; multiple: number },
): number {
  const wanted = units * (1 - sparsity);
  const rounded = Math.round(wanted / multiple) * multiple;
  return Math.min(units, Math.max(1, rounded === 0 ? Math.min(units, multiple) : rounded));
}

/** Of so many units what stays is a multiple: a unit of several neurons or channels counts as those. */
export function unitMultiple({ kind, width }: Dimension, multiple: number): number {
  return kind === 'heads' ? multiple : multiple / greatestDivisor(multiple, width);
}

/** The units with the lowest scores, so that `keep` stay and those that must; of equal ones the later go first. */
export function lowest(scores: ReadonlyMap<number, number>, remainder: Remainder): Set<number> {
  const ranked = [...scores].toSorted(([, a], [, b]) => b - a).map(([unit]) => unit);
  const guard = startGuard(remainder);
  const chosen = new Set<number>();
  for (const unit of ranked.toReversed()) {
    if (scores.size - chosen.size <= remainder.keep) break;
    if (!guard.mayGo(unit)) continue;
    guard.remove(unit);
    chosen.add(unit);
  }
  return chosen;
}

/**
 * L2 importance of each unit: the squares of all weights that make or read it, each tensor's in units of its mean over the units
 * (group norm of Fang et al. 2023).
 */
export function weightImportance({ units, cuts }: Dimension): Map<number, number> {
  const scores = new Map(units.map((unit) => [unit, 0]));
  for (const cut of cuts.filter(({ role }) => role !== 'follows')) {
    const squares = squaresOf(cut);
    const mean = units.reduce((sum, unit) => sum + (squares.get(unit) ?? 0), 0) / units.length;
    if (mean === 0) continue;
    for (const unit of units) scores.set(unit, scores.get(unit)! + (squares.get(unit) ?? 0) / mean);
  }
  return scores;
}

function squaresOf({ tensor, axis, units }: Cut): Map<number, number> {
  const inner = elementCount(shapeOf(tensor).slice(axis + 1));
  const weights = floatsOf(tensor);
  const byPlace = new Float64Array(units.length);
  for (let index = 0; index < weights.length; index++) {
    const place = Math.floor(index / inner) % units.length;
    byPlace[place] = byPlace[place]! + weights[index]! ** 2;
  }
  const squares = new Map<number, number>();
  for (const [place, unit] of units.entries()) squares.set(unit, (squares.get(unit) ?? 0) + byPlace[place]!);
  return squares;
}
