import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AssayError, exitCodes } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import type { StoredRun } from '../../results/read-runs.ts';
import type { CellRecord, MetricValue, PredictionsFile } from '../../results/schema.ts';
import { scorePredictions } from '../../runners/score-predictions.ts';
import { decimalsFor, formatNumber, formatRange } from '../../site/views/format.ts';
import { formatTarget } from '../../suites/target.ts';
import { decodePredictions } from '../../tasks/predictions-parquet.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import type { CommandResult } from '../command.ts';
import { formatTable } from '../reporters/table.ts';
import { findRun, type ResultsFlags } from './results-folder.ts';

export type ScoreFlags = ResultsFlags & { metrics?: readonly string[] };

/** Level of the intervals, and seed of their resamples. */
const settings = { level: 0.95, seed: 1 };

interface Scored {
  suite: string;
  model: string;
  target: string;
  variant: string;
  metrics: MetricValue[];
}

/** `assay score [run]`: metrics computed anew, or for the first time, from stored predictions. Nothing is written. */
export async function scoreCommand(flags: ScoreFlags, [id]: readonly string[]): Promise<CommandResult> {
  const stored = await findRun(flags.results, id);
  const cells = stored.records.map(({ record }) => record).filter((record) => record.kind === 'cell');
  const scored: Scored[] = [];
  for (const cell of cells) scored.push(...(await scoreCell(stored, cell, flags.metrics)));
  if (scored.length === 0) {
    const message = `Run ${stored.run.id} holds no predictions.`;
    throw new AssayError('nothing-measured', message, { hint: 'assay run' });
  }
  return {
    exitCode: exitCodes.pass,
    data: { run: stored.run.id, cells: scored },
    text: formatScores(scored),
  };
}

async function scoreCell(
  stored: StoredRun,
  cell: CellRecord,
  metrics: ScoreFlags['metrics'],
): Promise<Scored[]> {
  if (cell.outcome.status !== 'measured' || cell.outcome.predictions === null) return [];
  const predictions = await readPredictions(path.dirname(stored.file), cell.outcome.predictions);
  const ids = metrics ?? cell.outcome.metrics.map((metric) => metric.id);
  const { suite, model, target } = cell.subject;
  const names = {
    suite: suite.id,
    model: model.id,
    target: formatTarget(target),
    variant: cell.variant.name,
  };
  return [{ ...names, metrics: scorePredictions(predictions, ids, settings).metrics }];
}

async function readPredictions(folder: string, stored: PredictionsFile): Promise<Predictions> {
  const file = path.join(folder, path.normalize(`/${stored.file}`));
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AssayError('not-found', `The predictions ${file} are missing.`, { hint: 'assay run', cause });
  });
  const found = sha256(bytes);
  if (found === stored.sha256) return decodePredictions(bytes, file);
  throw new AssayError(
    'record-invalid',
    `${file} was changed: SHA-256 ${found}, the record says ${stored.sha256}.`,
  );
}

function formatScores(scored: readonly Scored[]): string {
  const rows = scored.flatMap(({ suite, model, target, variant, metrics }) =>
    metrics.map((metric) => [suite, model, target, variant, metric.id, ...formatFigure(metric)]),
  );
  return formatTable(['suite', 'model', 'target', 'variant', 'metric', 'value', 'interval'], rows);
}

function formatFigure({ value, interval, reason }: MetricValue): [string, string] {
  if (value === null) return ['-', reason ?? ''];
  const decimals = decimalsFor([{ value, interval }]);
  return [formatNumber(value, decimals), interval === null ? '' : formatRange(interval, decimals)];
}
