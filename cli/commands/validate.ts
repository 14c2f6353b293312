import { exitCodes } from '../../core/errors.ts';
import { checkModels } from '../../runners/check-models.ts';
import { planSuites } from '../../runners/plan.ts';
import { startHost } from '../../runners/pool/supervise.ts';
import { formatCount } from '../../site/views/format.ts';
import { loadSuites } from '../../suites/load.ts';
import type { CommandResult } from '../command.ts';

/** `assay validate [suite…]`: everything `run` checks before it measures. */
export async function validateCommand(_flags: unknown, names: readonly string[]): Promise<CommandResult> {
  const planned = await planSuites(await loadSuites(names));
  const host = startHost({ workers: 1, timeoutMs: 60_000 });
  const unloaded = await checkModels(planned, host).finally(host.close);
  const suites = planned.map(({ loaded, dataset, models, groups }) => ({
    id: loaded.suite.id,
    file: loaded.file,
    dataset: dataset.manifest.id,
    testSamples: dataset.test.count,
    models: models.map(({ id }) => id),
    cells: groups.reduce((sum, { cells }) => sum + cells.length, 0),
  }));
  const lines = suites.map(
    ({ id, dataset, testSamples, models, cells }) =>
      `ok  ${id}: ${models.join(', ')} on ${dataset} (${formatCount(testSamples, 'test sample')}), ${formatCount(cells, 'cell')}`,
  );
  const errors = unloaded.map(({ path, reason }) => ({
    code: 'not-loaded',
    message: `${path} could not be loaded here: ${reason}`,
    hint: 'assay doctor',
  }));
  const doubts = errors.map(({ message }) => `??  ${message}`);
  return {
    exitCode: unloaded.length === 0 ? exitCodes.pass : exitCodes.incomplete,
    data: { suites, unloaded },
    text: [...lines, ...doubts].join('\n'),
    errors,
  };
}
