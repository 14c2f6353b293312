import { expect, test } from 'vitest';
import { sha256 } from '../../core/hash.ts';
import { inRunOrder } from '../../results/record-order.ts';
import type { CellRecord, RunRecord } from '../../results/schema.ts';
import { makeCell, makeRun, makeSubject, makeVariant } from '../fakes/stored-runs.ts';

test('records come in the order in which their run was asked for, whatever their files are called', () => {
  const ran = (id: string, variants: string[]): RunRecord['suites'][number] => {
    const { hash, title } = makeSubject().suite;
    return { id, title, description: '', hash, given: {}, resolved: { variants } };
  };
  const cellOf = (suite: string, model: string, variant: string): CellRecord => {
    const subject = {
      suite: { ...makeSubject().suite, id: suite },
      model: { ...makeSubject().model, id: model },
    };
    return makeCell({
      id: sha256(`${suite} ${model} ${variant}`),
      subject: makeSubject(subject),
      variant: makeVariant({ name: variant, isBaseline: variant === 'fp32' }),
    });
  };
  const asked = [
    cellOf('second', 'a', 'fp32'),
    cellOf('second', 'a', 'int8-static'),
    cellOf('second', 'a', 'fp16'),
    cellOf('second', 'b', 'fp32'),
    cellOf('first', 'a', 'fp32'),
  ];
  const run = makeRun({ suites: [ran('second', ['int8-static', 'fp16']), ran('first', [])] });
  const filed = asked.map((record) => ({ file: `${record.id}.json`, record }));
  expect(inRunOrder(run, filed.toReversed())).toEqual(filed);
});
