import { createUnits, type Trait, type Units } from './units.ts';
import type { Cut, Reader, Walk } from './walk.ts';

/** What a structured pass removes. */
export type StructureKind = 'neurons' | 'channels' | 'heads';

/** Units that compete with one another: those one set of weights makes, such as the neurons of a layer. */
export interface Dimension {
  kind: StructureKind;
  /** The roots of its units, none pinned, in the order of their places. */
  units: number[];
  /** Places of the weights that make one unit: the channels of a group, else 1. Of units of different sizes what all are a multiple of. */
  width: number;
  cuts: Cut[];
  readers: Reader[];
  /** The weights that make it, for people. */
  madeBy: string[];
}

/** The dimensions of a walked graph that can lose units, in the order in which the graph makes them. */
export function dimensionsOf(walk: Walk): Dimension[] {
  const cuts = canonicalCuts(walk);
  const together = createUnits();
  together.add(largestUnit(cuts));
  const making = cuts
    .filter(({ role }) => role === 'makes')
    .map(({ units }) => [...units].filter((unit) => !walk.units.has(unit, 'pinned')));
  for (const units of making) for (const unit of units) together.join(units[0]!, unit);
  const roots = new Set(making.flatMap(([first]) => (first === undefined ? [] : together.rootOf(first))));
  return [...roots].flatMap((root) => dimensionOf(walk, { root, together, cuts }) ?? []);
}

/** Cuts whose units are the roots. */
function canonicalCuts({ units, cuts }: Walk): Cut[] {
  return cuts.map((cut) => ({ ...cut, units: cut.units.map((unit) => units.rootOf(unit)) }));
}

function largestUnit(cuts: readonly Cut[]): number {
  return cuts.reduce((largest, { units }) => units.reduce((a, b) => Math.max(a, b), largest), 0);
}

interface Grouped {
  root: number;
  together: Units;
  cuts: readonly Cut[];
}

/** One unit alone cannot go. */
function dimensionOf(walk: Walk, { root, together, cuts }: Grouped): Dimension | null {
  const isOwn = (unit: number): boolean => together.rootOf(unit) === root;
  const own = cuts.filter(({ units }) => units.some(isOwn));
  const makes = own.filter(({ role }) => role === 'makes');
  const units = [...new Set(makes.flatMap((cut) => [...cut.units]))].filter(
    (unit) => !walk.units.has(unit, 'pinned'),
  );
  const kind = kindOf(walk, units);
  if (units.length < 2 || kind === null) return null;
  const members = new Set(units);
  const readers = walk.readers
    .map((reader) => ({ ...reader, units: reader.units.map((unit) => walk.units.rootOf(unit)) }))
    .filter((reader) => reader.units.some((unit) => members.has(unit)));
  return {
    kind,
    units,
    width: widthOf(makes, new Set(units)),
    cuts: own,
    readers,
    madeBy: makes.map(({ tensor }) => tensor.name),
  };
}

function widthOf(makes: readonly Cut[], own: ReadonlySet<number>): number {
  const counts = makes.flatMap(({ units }) => [
    ...Map.groupBy(
      [...units].filter((unit) => own.has(unit)),
      (unit) => unit,
    ).values(),
  ]);
  return counts.reduce((divisor, { length }) => greatestDivisor(divisor, length), 0);
}

/** Of two numbers. */
export function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}

/** A head is a part of an axis that products of two computed values look at apart; other parts are none. */
function kindOf(walk: Walk, units: readonly number[]): StructureKind | null {
  const isAny = (trait: Trait): boolean => units.some((unit) => walk.units.has(unit, trait));
  if (isAny('split')) return isAny('attended') ? 'heads' : null;
  return isAny('convolved') ? 'channels' : 'neurons';
}
