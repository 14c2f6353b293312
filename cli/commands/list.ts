import { listDatasets } from '../../datasets/catalog.ts';
import { exitCodes } from '../../core/errors.ts';
import { listModels } from '../../models/manifest.ts';
import { readRuns } from '../../results/read-runs.ts';
import { listBuiltInSuites, loadSuites } from '../../suites/load.ts';
import { targetNames } from '../../suites/target.ts';
import type { CommandResult } from '../command.ts';
import { formatTable } from '../reporters/table.ts';
import type { ResultsFlags } from './results-folder.ts';

/** `assay list`: what there is to run, and what was run. */
export async function listCommand(flags: ResultsFlags): Promise<CommandResult> {
  const suites = (await loadSuites(await listBuiltInSuites())).map(({ suite }) => suite);
  const [datasets, models, runs] = [await listDatasets(), await listModels(), await readRuns(flags.results)];
  const runRows = runs.map(({ run }) => ({
    id: run.id,
    status: run.status,
    form: run.form,
    suites: run.suites.length,
  }));
  const tables = [
    formatTable(
      ['suite', 'task', 'dataset', 'models', 'title'],
      suites.map((suite) => [suite.id, suite.task.kind, suite.dataset, suite.models.join(' '), suite.title]),
    ),
    formatTable(
      ['dataset', 'title'],
      datasets.map(({ id, title }) => [id, title]),
    ),
    formatTable(
      ['model', 'title'],
      models.map(({ id, title }) => [id, title]),
    ),
    `TARGETS  ${targetNames.join('  ')}\n`,
    runRows.length === 0
      ? `No runs in ${flags.results} yet.\n`
      : formatTable(
          ['run', 'status', 'form', 'suites'],
          runRows.map((row) => Object.values(row).map(String)),
        ),
  ];
  return {
    exitCode: exitCodes.pass,
    data: { suites, datasets, models, targets: targetNames, runs: runRows },
    text: tables.join('\n'),
  };
}
