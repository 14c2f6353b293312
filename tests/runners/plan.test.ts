import { expect, test } from 'vitest';
import { planSuites } from '../../runners/plan.ts';
import { loadSuites } from '../../suites/load.ts';

test('a suite that times calls of more samples than there are to test with is refused', async () => {
  const [loaded] = await loadSuites(['fuel-economy']);
  if (loaded === undefined) throw new Error('no suite');
  const { suite } = loaded;
  const of = (batchSize: number) => {
    const timing = { ...suite.timing, batchSize };
    return planSuites([{ ...loaded, suite: { ...suite, timing } }]);
  };
  const [planned] = await of(1);
  const count = planned?.dataset.test.count ?? 0;
  await expect(of(count)).resolves.toHaveLength(1);
  await expect(of(count + 1)).rejects.toMatchObject({
    code: 'suite-invalid',
    message: `Suite fuel-economy times calls of ${count + 1} samples ("batchSize" of "timing"), and dataset cars has ${count} to test with: at most ${count} are accepted.`,
  });
});
