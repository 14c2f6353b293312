import type { Advice } from '../../core/advice.ts';
import { advise } from '../../models/explain/advise.ts';
import type { Examined } from '../../models/explain/examined.ts';

/** What may be known of the model that a variant is made from. */
export type KnownOfBaseline = Pick<Examined, 'baseline' | 'shapes'>;

export const nothingKnown: KnownOfBaseline = { baseline: null, shapes: { calibrated: null, served: null } };

/** Advises on a variant that is not looked into: by its passes, and by what is known of its baseline. */
export function adviseByPasses(
  subject: Pick<Examined, 'steps' | 'situation'>,
  known: KnownOfBaseline = nothingKnown,
): Advice[] {
  return advise({ ...subject, ...known, stored: null, executed: null, profile: null });
}
