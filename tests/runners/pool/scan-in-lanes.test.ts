import { expect, test } from 'vitest';
import { openDataset } from '../../../datasets/open.ts';
import { ownThread } from '../../../runners/pool/own-thread.ts';
import { scanInLanes } from '../../../runners/pool/scan-in-lanes.ts';
import { startThreadLanes } from '../../../runners/pool/thread-lanes.ts';

test.each(['digits', 'tumours'])('the rows of %s are the same read in lanes', async (dataset) => {
  const lanes = startThreadLanes(2);
  let scans = 0;
  const scan = scanInLanes({
    count: 2,
    run: (task) => {
      scans++;
      return lanes.run(task);
    },
  });
  const [alone, together] = [await openDataset(dataset), await openDataset(dataset, [], { scan })];
  expect(await together.collect('test')).toEqual(await alone.collect('test'));
  expect(scans).toBeGreaterThan(0);
});

test('a single lane is left to the model', () => {
  expect(scanInLanes(ownThread)).toBeUndefined();
});
