import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { warmUp } from '../timing/warm-up.ts';
import { withOthers, type Setting, type Swept } from './run-rounds.ts';

/** Settings of a sweep after warm-up. */
export interface WarmSettings {
  warm: readonly Setting[];
  failed: readonly Extract<Swept, { status: 'failed' }>[];
  /** Settings that reached no steady state. */
  unsteady: readonly number[];
}

/** Warms every setting of a sweep; the budget is shared. One that throws is left out. */
export async function warmUpSettings(
  settings: readonly Setting[],
  budgetMs: number,
  clock: Clock,
): Promise<WarmSettings> {
  const found = {
    warm: [] as Setting[],
    failed: [] as WarmSettings['failed'][number][],
    unsteady: [] as number[],
  };
  for (const setting of settings) {
    try {
      const budget = budgetMs / settings.length;
      const warm = (): ReturnType<typeof warmUp> => warmUp(setting.call, { budgetMs: budget, clock });
      const [{ isSteady }] = await withOthers(warm, setting.beside?.(budget));
      found.warm.push(setting);
      if (!isSteady) found.unsteady.push(setting.value);
    } catch (thrown) {
      found.failed.push({ status: 'failed', value: setting.value, reason: messageOf(thrown) });
    }
  }
  return found;
}
