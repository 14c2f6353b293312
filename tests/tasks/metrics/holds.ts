import fc from 'fast-check';

const seed = 20_240;

/** Holds a property to 100 draws, the same at every run. */
export function holds<Values extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<Values>): void {
  fc.assert(property, { seed, numRuns: 100 });
}
