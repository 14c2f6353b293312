import fc from 'fast-check';

const kinds: readonly ((wild: number, i: number) => number)[] = [
  (wild) => wild,
  (wild) => Math.floor(wild) % 5,
  (wild) => -Math.abs(wild),
  (wild) => Math.fround(wild),
  // Heavy tails, both ways, and what overflows to infinity.
  (wild) => 10 ** (wild / 100),
  (wild) => Math.sign(wild) * 10 ** (wild / 20),
  (_, i) => (i % 2 ? -0 : 0),
  () => 1,
  // Denormals.
  (wild) => wild * 5e-324,
  // Alike in their upper halves: all, and some dozens each.
  (wild) => 1 + wild * 1e-12,
  (wild) => Math.floor(wild / 500) + wild * 1e-12,
  // Ascending, descending, and either with its upper halves alike.
  (_, i) => i - 700,
  (_, i) => 700 - i,
  (_, i) => 1 - i * 1e-13,
  (_, i) => -1 - i * 1e-13,
];

/** Numbers that sorts find hard, none of them NaN. */
export const manyNumbers = fc
  .tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(kinds.length - 1), fc.integer({ min: -1e6, max: 1e6 }))
  .map(([count, kind, start]) =>
    Float64Array.from({ length: count }, (_, i) => kinds[kind]?.(Math.sin(start + i) * 1e4, i) ?? 0),
  );
