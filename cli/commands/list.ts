import { listDatasets } from '../../datasets/catalog.ts';
import { exitCodes } from '../../core/errors.ts';
import { listModels } from '../../models/manifest.ts';
import { damagedIn, readRuns } from '../../results/read-runs.ts';
import { listBuiltInSuites, loadSuites } from '../../suites/load.ts';
import type { Suite } from '../../suites/schema.ts';
import { targetNames } from '../../suites/target.ts';
import type { CommandResult } from '../command.ts';
import { damagedData, formatDamaged } from '../reporters/damaged.ts';
import { formatTable } from '../reporters/table.ts';
import type { ResultsFlags } from './results-folder.ts';

/** `assay list`: what there is to run, and what was run. */
export async function listCommand(flags: ResultsFlags): Promise<CommandResult> {
  const listed = await readListed(flags.results);
  return {
    exitCode: exitCodes.pass,
    data: listed,
    text: [...catalogTables(listed), runTable(listed, flags.results)].join('\n'),
  };
}

interface Listed {
  suites: readonly Suite[];
  datasets: readonly Titled[];
  models: readonly Titled[];
  targets: readonly string[];
  runs: readonly { id: string; status: string; form: string; suites: number }[];
  /** Files of runs that are left out. */
  damaged: readonly { file: string; reason: string }[];
}

interface Titled {
  id: string;
  title: string;
}

async function readListed(resultsDir: string): Promise<Listed> {
  const stored = await readRuns(resultsDir);
  const damaged = damagedIn(stored);
  process.stderr.write(formatDamaged(damaged, 'its run is listed without it, or not at all'));
  return {
    suites: (await loadSuites(await listBuiltInSuites())).map(({ suite }) => suite),
    datasets: await listDatasets(),
    models: await listModels(),
    targets: targetNames,
    runs: stored.runs.map(({ run: { id, status, form, suites } }) => ({
      id,
      status,
      form,
      suites: suites.length,
    })),
    damaged: damagedData(damaged),
  };
}

function catalogTables({ suites, datasets, models, targets }: Listed): string[] {
  const suiteRows = suites.map(({ id, task, dataset, models: of, title }) => [
    id,
    task.kind,
    dataset,
    of.join(' '),
    title,
  ]);
  return [
    formatTable(['suite', 'task', 'dataset', 'models', 'title'], suiteRows),
    formatTable(['dataset', 'title'], datasets.map(titleRow)),
    formatTable(['model', 'title'], models.map(titleRow)),
    `TARGETS  ${targets.join('  ')}\n`,
  ];
}

function titleRow({ id, title }: Titled): string[] {
  return [id, title];
}

function runTable({ runs }: Listed, resultsDir: string): string {
  if (runs.length === 0) return `No runs in ${resultsDir} yet.\n`;
  const rows = runs.map((run) => [run.id, run.status, run.form, String(run.suites)]);
  return formatTable(['run', 'status', 'form', 'suites'], rows);
}
