import type { Random } from '../../core/random.ts';

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

/** Bytes that end varints, lengths, texts and lists in many formats, or are the largest of their kind. */
const telling = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x0a, 0x20, 0x22, 0x2c, 0x2d, 0x2e, 0x5b, 0x5d, 0x7b, 0x7d];

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    const at = random.below(bytes.length);
    return put(bytes, at, [(bytes[at] ?? 0) ^ (1 << random.below(8))]);
  },
  (bytes, random) => put(bytes, random.below(bytes.length), [telling[random.below(telling.length)] ?? 0]),
  (bytes, random) => put(bytes, random.below(bytes.length), randomBytes(1 + random.below(8), random)),
  (bytes, random) => put(bytes, random.below(bytes.length), [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]),
  /** Cut short. */
  (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  /** A stretch goes. */
  (bytes, random) => {
    const [start, end] = stretch(bytes, random);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  },
  /** A stretch is there twice. */
  (bytes, random) => {
    const [start, end] = stretch(bytes, random);
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
  },
  (bytes, random) => {
    const at = random.below(bytes.length + 1);
    const some = randomBytes(1 + random.below(16), random);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(some), bytes.subarray(at)]);
  },
  /** One stretch over another. */
  (bytes, random) => put(bytes, random.below(bytes.length), [...bytes.subarray(...stretch(bytes, random))]),
];

/** A copy with one to four things wrong in it. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let mutated = bytes;
  for (let left = 1 + random.below(4); left > 0 && mutated.length > 0; left--)
    mutated = (mutations[random.below(mutations.length)] as Mutation)(mutated, random);
  return mutated;
}

/** Overwrites what is there from a place on. */
function put(bytes: Uint8Array, at: number, values: readonly number[]): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed.set(values.slice(0, bytes.length - at), at);
  return changed;
}

function stretch(bytes: Uint8Array, random: Random): [start: number, end: number] {
  const start = random.below(bytes.length);
  return [start, Math.min(bytes.length, start + 1 + random.below(64))];
}

function randomBytes(count: number, random: Random): number[] {
  return Array.from({ length: count }, () => random.below(256));
}
