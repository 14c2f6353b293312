import { systemClock } from '../../core/clock.ts';
import { recordSchema, type StoredRecord } from '../../results/schema.ts';
import type { Quality } from '../../runners/evaluate-cells.ts';
import { readEnvironment } from '../../runners/environment.ts';
import type { Form } from '../../runners/form.ts';
import { usualLimits } from '../../runners/limits.ts';
import { recordBaseOf, type RunContext } from '../../runners/run-context.ts';

/** The context of a run that knows nothing from before and keeps its records, validated, in memory. */
export function makeContext(form: Form): { context: RunContext; saved: StoredRecord[] } {
  const saved: StoredRecord[] = [];
  const environment = readEnvironment();
  const context: RunContext = {
    form,
    limits: () => usualLimits(form),
    store: {
      folder: '',
      saveRecord: (record) => {
        saved.push(recordSchema.parse(record));
        return Promise.resolve();
      },
      saveRun: () => Promise.resolve(),
      savePredictions: () => Promise.resolve('predictions/kept.parquet'),
    },
    known: { find: () => null },
    clock: systemClock,
    signal: new AbortController().signal,
    stop: () => undefined,
    report: () => undefined,
    environment,
    recordBase: recordBaseOf({ id: 'run', environment }),
  };
  return { context, saved };
}

/** Nothing was evaluated, and nothing failed at it. */
export const noQuality: Quality = { predictions: new Map(), failures: new Map() };
