import type { Random } from '../../core/random.ts';

/** Values that a careless reader trips over. */
const hostile: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 0.5, 2 ** 31, 2 ** 53, 1e308, -1e-308],
  ...[
    '',
    ' ',
    'x',
    '../../etc/passwd',
    '/dev/zero',
    '__proto__',
    'constructor',
    'NaN',
    '\u0000',
    '\u001b[31m',
    '\ud800',
  ],
  ...['a'.repeat(10_000), '<script>alert(1)</script>', '%s%n', '=1+1', '1e400'],
  ...[[], {}, [[]], [null], { size: -1 }, { toString: 1 }],
];

/** A place in a tree: an array or object, and a key of it. */
interface Place {
  parent: Record<string, unknown>;
  key: string;
}

type Mutation = (place: Place, random: Random, places: readonly Place[]) => void;

const mutations: readonly Mutation[] = [
  ({ parent, key }, random) => (parent[key] = structuredClone(hostile[random.below(hostile.length)])),
  ({ parent, key }, random) => (parent[key] = likeIt(parent[key], random)),
  /** Another value of the tree in its place. */
  ({ parent, key }, random, places) => {
    const other = places[random.below(places.length)];
    if (other !== undefined) parent[key] = structuredClone(other.parent[other.key]);
  },
  ({ parent, key }) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else Reflect.deleteProperty(parent, key);
  },
  ({ parent, key }) => {
    if (Array.isArray(parent)) parent.push(structuredClone(parent[Number(key)]));
    else parent[`${key}s`] = structuredClone(parent[key]);
  },
];

/** A copy of plain data with one to three values changed, moved, doubled or gone. */
export function mutateTree<Tree extends object>(tree: Tree, random: Random): Tree {
  const changed = structuredClone(tree);
  for (let left = 1 + random.below(3); left > 0; left--) {
    const places = placesOf(changed);
    const place = places[random.below(places.length)];
    if (place === undefined) break;
    (mutations[random.below(mutations.length)] as Mutation)(place, random, places);
  }
  return changed;
}

function placesOf(tree: object): Place[] {
  if (ArrayBuffer.isView(tree)) return [];
  return Object.entries(tree).flatMap(([key, value]) => [
    { parent: tree as Record<string, unknown>, key },
    ...(typeof value === 'object' && value !== null ? placesOf(value as object) : []),
  ]);
}

/** Another value of the same type. */
function likeIt(value: unknown, random: Random): unknown {
  const others = othersLike(value, random);
  return others.length === 0 ? value : others[random.below(others.length)];
}

function othersLike(value: unknown, random: Random): unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number')
    return [-value, value + 1, value * 1e6, Math.round(value) + 0.5, random.below(1000)];
  if (typeof value !== 'string') return [];
  return [value.toUpperCase(), value.slice(1), `${value}${value}`, value.split('').reverse().join('')];
}
