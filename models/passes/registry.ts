import { convertFp16 } from './convert-fp16.ts';
import type { Pass } from './pass.ts';
import { pruneMagnitude } from './prune-magnitude.ts';
import { pruneNM, pruneScored } from './prune-scored.ts';
import { pruneChannels, pruneHeads, pruneNeurons } from './prune-structures.ts';
import { quantizeDynamic } from './quantize-dynamic.ts';
import { quantizeStatic } from './quantize-static.ts';
import { quantizeWeights } from './quantize-weights.ts';
import { smoothQuant } from './smooth-quant.ts';

/**
 * Every pass, in the order in which they may be combined: pruning first, units before single weights, since quantizing
 * ends the float weights.
 */
const all = {
  'prune-heads': pruneHeads,
  'prune-channels': pruneChannels,
  'prune-neurons': pruneNeurons,
  'prune-magnitude': pruneMagnitude,
  'prune-scored': pruneScored,
  'prune-n-m': pruneNM,
  'smooth-quant': smoothQuant,
  'quantize-dynamic': quantizeDynamic,
  'quantize-weights': quantizeWeights,
  'quantize-static': quantizeStatic,
  'convert-fp16': convertFp16,
} satisfies Record<string, Pass>;

export type PassName = keyof typeof all;

/** By name, in the order in which they may be combined. */
export const passes: Readonly<Record<PassName, Pass>> = all;
