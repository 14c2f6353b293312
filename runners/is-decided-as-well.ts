import type { GroupRecord } from '../results/schema.ts';
import type { Form } from './form.ts';

/**
 * Whether times that were taken until all was decided by another policy do for the one of `now`, too. Where it leaves open
 * what was decided then, and the form would have looked further, more is to be measured.
 */
export function isDecidedAsWell(
  now: Pick<GroupRecord, 'variants'>,
  then: Pick<GroupRecord, 'variants'>,
  { looks }: Pick<Form, 'looks'>,
): boolean {
  const last = Math.max(...looks);
  return now.variants.every(({ variant, latency }) => {
    const before = then.variants.find((one) => one.variant.name === variant.name)?.latency;
    const wasDecided = before != null && before.verdict !== 'inconclusive';
    return latency?.verdict !== 'inconclusive' || !wasDecided || latency.processes >= last;
  });
}
