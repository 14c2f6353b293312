import { expect, test } from 'vitest';
import { adviceList } from '../../../core/advice.ts';
import { adviceTable } from '../../../site/views/advice-table.ts';
import { makeGroup, makeTimedVariant, makeVariant } from '../../fakes/stored-runs.ts';

test('each piece of advice is a row with what was found, what it means and what to do', () => {
  const advice = [{ code: 'half-precision-on-cpu', detail: '3 nodes', action: 'keep it for GPUs' } as const];
  const variants = [makeTimedVariant({ variant: makeVariant({ name: 'fp16' }), advice })];
  const table = adviceTable(makeGroup({ variants }));
  const { meaning } = adviceList['half-precision-on-cpu'];
  expect(table?.rows).toEqual([
    {
      name: 'fp16',
      path: null,
      cells: ['half precision on cpu', '3 nodes', meaning, 'keep it for GPUs'].map((value) => ({
        value,
        range: null,
        mark: null,
      })),
    },
  ]);
});

test('a group without advice, or from before it was given, has no table', () => {
  const variants = [null, []].map((advice) => makeTimedVariant({ variant: makeVariant(), advice }));
  expect(adviceTable(makeGroup({ variants }))).toBeNull();
});
