import type { Walk } from './walk.ts';

/** What has to be left of some units. */
export interface Remainder {
  keep: number;
  /** Sets of units that may not go altogether: no operator reads a part of an axis without places. */
  parts: readonly ReadonlySet<number>[];
}

/** Tells which units may still go, while they go one after the other. */
export interface Guard {
  mayGo: (unit: number) => boolean;
  remove: (unit: number) => void;
}

export function startGuard({ parts }: Pick<Remainder, 'parts'>): Guard {
  const left = parts.map((part) => new Set(part));
  const isLast = (part: ReadonlySet<number>, unit: number): boolean => part.size === 1 && part.has(unit);
  return {
    mayGo: (unit) => !left.some((part) => isLast(part, unit)),
    remove: (unit) => {
      for (const part of left) part.delete(unit);
    },
  };
}

/** The parts of axes that hold some of these units, fewer than all, and nothing else that is left. */
export function partsOf(
  { units, cuts, resizes }: Walk,
  own: readonly number[],
  gone: ReadonlySet<number>,
): ReadonlySet<number>[] {
  const members = new Set(own);
  const axes = [
    ...cuts.map((cut) => cut.units),
    ...resizes.flatMap((resize) => (resize.kind === 'split' ? resize.parts : [resize.units])),
  ];
  const parts = axes.map((axis) =>
    new Set([...new Set(axis)].map((unit) => units.rootOf(unit))).difference(gone),
  );
  const found = parts.filter((part) => part.size < members.size && part.isSubsetOf(members));
  return [...new Map(found.map((part) => [[...part].toSorted((a, b) => a - b).join(), part])).values()];
}
