import { expect, test } from 'vitest';
import { resultOf } from '../../../cli/commands/run.ts';
import type { MetricValue } from '../../../results/quality-schema.ts';
import { makeCell, makeMetric, makeRun, makeVariant, measuredQuality } from '../../fakes/stored-runs.ts';

const reason = 'predictions must be finite numbers; not so for sample "6"';
const notFinite = makeMetric({ value: null, interval: null, reason });

/** What a run of a baseline and a variant with these metrics comes to. */
function outcomeOf(...metrics: MetricValue[]) {
  const variants = ['fp32', 'fp16'].map((name) => makeVariant({ name, isBaseline: name === 'fp32' }));
  const records = variants.map((variant) => ({
    file: `${variant.name}.json`,
    record: makeCell({ variant, outcome: measuredQuality(metrics) }),
  }));
  const run = makeRun();
  return resultOf(run, { file: 'run.json', run, records, damaged: [] });
}

test('a run whose first metric has no value is not whole, and says of which variants', () => {
  const message = `No verdict on digits-cnn fp32, fp16 on onnxruntime/cpu: Accuracy has no value: ${reason}.`;
  const { exitCode, text, errors } = outcomeOf(notFinite, makeMetric({ id: 'mae' }));
  expect(exitCode).toBe(4);
  expect(errors).toMatchObject([{ code: 'undefined', message }]);
  expect(text).toContain(`\n${message} Next: correct the model or the data`);
});

test('one of which a further metric alone has none is whole', () => {
  const { exitCode, errors } = outcomeOf(makeMetric({ id: 'mae' }), notFinite);
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: [] });
});
