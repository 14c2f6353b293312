import { expect, test } from 'vitest';
import { checkModels, type UnloadedModel } from '../../runners/check-models.ts';
import { planSuites } from '../../runners/plan.ts';
import { loadSuites } from '../../suites/load.ts';
import { freshHost } from '../fakes/fresh-host.ts';

const planned = await planSuites(await loadSuites(['fuel-economy', 'tumour-diagnosis']));
const ample = { timeoutMs: 60_000, memoryBytes: 2 ** 40 };

/** Why models were not loaded, where one of two suites has such limits. */
async function unloaded(limits: Partial<typeof ample>): Promise<UnloadedModel[]> {
  const found = await checkModels(planned, freshHost(), ({ id }) =>
    id === 'fuel-economy' ? { ...ample, ...limits } : ample,
  );
  return found.filter(({ path }) => path.endsWith('.onnx'));
}

const ofTheSuite: unknown = expect.stringContaining('cars-mlp');

test('models within their limits are loaded', async () => {
  expect(await unloaded({})).toEqual([]);
});

test('a model that takes longer to load than its suite allows is given back, and those of others are loaded', async () => {
  expect(await unloaded({ timeoutMs: 1 })).toEqual([
    { path: ofTheSuite, code: 'timeout', reason: 'no result within 1 ms' },
  ]);
});

test('a model that takes more memory to load than its suite allows is given back, and those of others are loaded', async () => {
  const reason: unknown = expect.stringMatching(/^the process took \d+ MiB of memory; 1 MiB are allowed$/);
  expect(await unloaded({ memoryBytes: 2 ** 20 })).toEqual([
    { path: ofTheSuite, code: 'out-of-memory', reason },
  ]);
});
