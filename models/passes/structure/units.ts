/** What is known of a unit besides which places it has. */
const traits = { pinned: 1, convolved: 2, split: 4, attended: 8 } as const;
export type Trait = keyof typeof traits;

/**
 * Units of a network that can only be removed whole: a neuron, a channel, an attention head. Each place on an axis has a unit;
 * places that turn out to stand and fall together are joined (disjoint sets).
 */
export interface Units {
  /** New units, one a place. */
  add(count: number): Int32Array;
  join(first: number, second: number): void;
  mark(units: Int32Array, trait: Trait): void;
  /** The one unit that stands for all joined with it. */
  rootOf(unit: number): number;
  has(unit: number, trait: Trait): boolean;
}

/** No units yet but number 0, which is pinned: for places that must stay. */
export function createUnits(): Units {
  const parents: number[] = [0];
  const marks: number[] = [traits.pinned];
  const rootOf = (unit: number): number => {
    let root = unit;
    while (parents[root] !== root) root = parents[root]!;
    // Shortens the way for the next.
    for (let next = unit; next !== root;) [next, parents[next]] = [parents[next]!, root];
    return root;
  };
  return {
    rootOf,
    add: (count) => {
      const first = parents.length;
      for (let unit = first; unit < first + count; unit++) {
        parents.push(unit);
        marks.push(0);
      }
      return Int32Array.from({ length: count }, (_, index) => first + index);
    },
    join: (first, second) => {
      const [low, high] = [rootOf(first), rootOf(second)].toSorted((a, b) => a - b) as [number, number];
      parents[high] = low;
      marks[low] = marks[low]! | marks[high]!;
    },
    mark: (units, trait) => {
      for (const unit of units) {
        const root = rootOf(unit);
        marks[root] = marks[root]! | traits[trait];
      }
    },
    has: (unit, trait) => (marks[rootOf(unit)]! & traits[trait]) !== 0,
  };
}
