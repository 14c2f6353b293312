import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { AssayError, exitCodes } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import { parseWith } from '../../core/parse.ts';
import type { StoredRun } from '../../results/read-runs.ts';
import type { MetricValue } from '../../results/quality-schema.ts';
import type { CellRecord, PredictionsFile } from '../../results/schema.ts';
import type { Warning } from '../../results/warning-schema.ts';
import { scorePredictions, type ScoreSettings } from '../../runners/score-predictions.ts';
import { decimalsFor, formatNumber, formatRange } from '../../site/views/format.ts';
import { formatTarget } from '../../results/target-schema.ts';
import { nearKernels } from '../../tasks/kernels/place-columns.ts';
import { expandOutputs } from '../../tasks/metrics/output-option.ts';
import { parseMetricId } from '../../tasks/metrics/metric-id.ts';
import { metricById, metricIds, unknownMetric } from '../../tasks/metrics/registry.ts';
import { decodePredictions } from '../../tasks/predictions-parquet.ts';
import type { TaskKind } from '../../core/task-kind.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import type { CommandResult } from '../command.ts';
import { formatConfusions, type Confused } from '../reporters/confusions.ts';
import { formatTable } from '../reporters/table.ts';
import { findRun, type ResultsFlags } from './results-folder.ts';

export type ScoreFlags = ResultsFlags & { metrics?: readonly string[]; confusion: boolean };

/** What a stored suite tells of the intervals it was run with. */
const settingsSchema = z.object({
  policy: z.object({ alpha: z.number().gt(0).lt(1) }),
  timing: z.object({ seed: z.int() }),
});

interface Scored extends Confused {
  metrics: MetricValue[];
  warnings: Warning[];
}

/**
 * `assay score [run]`: metrics computed anew, or for the first time, from stored predictions, with the level and the seed of
 * the run. A metric that is asked for is left out where the task has none of that name. Nothing is written.
 */
export async function scoreCommand(flags: ScoreFlags, [id]: readonly string[]): Promise<CommandResult> {
  const stored = await findRun(flags.results, id);
  const cells = stored.records.map(({ record }) => record).filter((record) => record.kind === 'cell');
  assertTaken(flags.metrics ?? [], [...new Set(cells.map(({ subject }) => subject.task))]);
  const scored: Scored[] = [];
  for (const cell of cells) scored.push(...(await scoreCell(stored, cell, flags.metrics)));
  if (scored.length === 0) {
    const message = `Run ${stored.run.id} holds no predictions.`;
    throw new AssayError('nothing-measured', message, { hint: 'assay run' });
  }
  return {
    exitCode: exitCodes.pass,
    data: { run: stored.run.id, cells: scored },
    text: formatScores(scored) + (flags.confusion ? formatConfusions(scored) : ''),
  };
}

/** Throws for the first metric that none of the tasks takes. */
function assertTaken(ids: readonly string[], tasks: readonly TaskKind[]): void {
  const untaken = ids.find((id) => tasks.every((task) => !isMetricOf(id, task)));
  const [only, ...others] = tasks;
  if (untaken === undefined || only === undefined) return;
  // One task says more exactly what is wrong.
  if (others.length === 0) metricById(untaken, only);
  refuseNumber(untaken, tasks);
  throw unknownMetric(untaken, tasks);
}

/** Of a metric that a task knows, what follows its name is at fault. */
function refuseNumber(id: string, tasks: readonly TaskKind[]): void {
  const { name } = parseMetricId(id);
  const task = tasks.find((one) => metricIds(one).some((known) => parseMetricId(known).name === name));
  if (task !== undefined) metricById(id, task);
}

function isMetricOf(id: string, task: TaskKind): boolean {
  try {
    metricById(id, task);
    return true;
  } catch (thrown) {
    if (thrown instanceof AssayError) return false;
    throw thrown;
  }
}

async function scoreCell(
  stored: StoredRun,
  cell: CellRecord,
  metrics: ScoreFlags['metrics'],
): Promise<Scored[]> {
  if (cell.outcome.status !== 'measured' || cell.outcome.predictions === null) return [];
  const { suite, model, target, task } = cell.subject;
  const ids =
    metrics?.filter((id) => isMetricOf(id, task)) ?? cell.outcome.metrics.map((metric) => metric.id);
  if (ids.length === 0) return [];
  const predictions = await readPredictions(path.dirname(stored.file), cell.outcome.predictions);
  const names = {
    suite: suite.id,
    model: model.id,
    target: formatTarget(target),
    variant: cell.variant.name,
  };
  const outputs = predictions.kind === 'regression' ? (predictions.names ?? []) : [];
  const asked = ids.flatMap((id) => expandOutputs(id, outputs));
  return [{ ...names, ...scorePredictions(predictions, asked, settingsOf(stored, cell)) }];
}

function settingsOf({ run, file }: StoredRun, { subject }: CellRecord): ScoreSettings {
  const suite = run.suites.find(({ hash }) => hash === subject.suite.hash);
  const source = { what: `suite ${subject.suite.id}`, where: file, code: 'record-invalid' } as const;
  const { policy, timing } = parseWith(settingsSchema, suite?.resolved, source);
  return { level: 1 - policy.alpha, seed: timing.seed };
}

async function readPredictions(folder: string, stored: PredictionsFile): Promise<Predictions> {
  const file = path.join(folder, path.normalize(`/${stored.file}`));
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AssayError('not-found', `The predictions ${file} are missing.`, { hint: 'assay run', cause });
  });
  const found = sha256(bytes);
  if (found === stored.sha256) return nearKernels(await decodePredictions(bytes, file));
  throw new AssayError(
    'record-invalid',
    `${file} was changed: SHA-256 ${found}, the record says ${stored.sha256}.`,
  );
}

function formatScores(scored: readonly Scored[]): string {
  const rows = scored.flatMap(({ suite, model, target, variant, metrics }) =>
    metrics.map((metric) => [suite, model, target, variant, metric.id, ...formatFigure(metric)]),
  );
  const headings = ['suite', 'model', 'target', 'variant', 'metric', 'value', 'interval'];
  return formatTable(headings, rows) + formatDoubts(scored);
}

function formatDoubts(scored: readonly Scored[]): string {
  const lines = scored.flatMap(({ model, target, variant, warnings }) =>
    warnings.map(
      ({ code, detail, advice }) => `  ${code}: ${model} ${variant} on ${target}: ${detail}\n    ${advice}\n`,
    ),
  );
  return lines.length === 0 ? '' : `\nDoubts\n${lines.join('')}`;
}

function formatFigure({ value, interval, reason }: MetricValue): [string, string] {
  if (value === null) return ['-', reason ?? ''];
  const decimals = decimalsFor([{ value, interval }]);
  return [
    formatNumber(value, decimals),
    interval === null ? (reason ?? '') : formatRange(interval, decimals),
  ];
}
