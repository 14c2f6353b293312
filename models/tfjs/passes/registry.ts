import type { TfjsPass } from './pass.ts';
import { pruneMagnitude } from './prune-magnitude.ts';
import { storeWeights } from './store-weights.ts';

const all = {
  'prune-magnitude': pruneMagnitude,
  'store-weights': storeWeights,
} satisfies Record<string, TfjsPass>;

export type TfjsPassName = keyof typeof all;

/** Every pass on TF.js models, in the order in which they may be combined. */
export const tfjsPasses: Readonly<Record<TfjsPassName, TfjsPass>> = all;
