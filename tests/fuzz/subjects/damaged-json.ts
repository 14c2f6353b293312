import type { Random } from '../../../core/random.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { mutateTree } from '../mutate-tree.ts';

/** The text of plain data with something wrong: mostly in its values, now and then in its characters. */
export function damagedJson(value: object, random: Random): string | Uint8Array {
  if (random.below(5) > 0) return JSON.stringify(mutateTree(value, random));
  return mutateBytes(Buffer.from(JSON.stringify(value)), random);
}
