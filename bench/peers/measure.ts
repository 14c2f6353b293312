import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { bundleEvaluation } from '../scaling/bundle-evaluation.ts';
import { eachWorkload } from '../workloads/each-workload.ts';
import type { Workload } from '../workloads/workload.ts';

/**
 * Samples a second of one cell, and of four on one dataset, beside pandas, ONNX Runtime in Python and scikit-learn: with a call for
 * 64 samples, as Assay makes, and with a call for each sample. Each is timed twice: from opening the CSV file to the figures, where
 * processes have started, loaded their modules and evaluated something small; and as whole processes that do nothing else, from
 * spawn to exit. Both use every core they want: Assay two lanes of one thread each, ONNX Runtime in Python its default. What Assay
 * does besides is in its time: intervals of each figure, the same samples in other batches, predictions for each sample kept. Rounds
 * are interleaved; the ratio is the median of those within a round.
 *
 *     node bench/peers/measure.ts <python> [rounds]
 */
const [python = 'python3', given = '7'] = process.argv.slice(2);
const rounds = Number(given);
const lanes = '2';
const answer = z.object({
  seconds: z.number(),
  samples: z.number(),
  values: z.record(z.string(), z.number()),
});
type Answer = z.output<typeof answer>;
const run = promisify(execFile);

/** Whether a process is timed as a whole, or what it does once it is warm. */
type Part = 'warm' | 'whole process';

const evaluation = await bundleEvaluation();
await eachWorkload(async (workload, cells) => {
  for (const part of ['warm', 'whole process'] as const) await report(workload, cells, part);
});

async function report(workload: Workload, cells: number, part: Part): Promise<void> {
  const answers: Record<'assay' | 'batches' | 'singles', Answer[]> = { assay: [], batches: [], singles: [] };
  for (let round = 0; round < rounds; round++) {
    answers.assay.push(await evaluate(workload, cells, part));
    answers.batches.push(await evaluateInPython(workload, { cells, batchSize: 64, part }));
    answers.singles.push(await evaluateInPython(workload, { cells, batchSize: 1, part }));
  }
  requireEqual(answers.assay[0], answers.batches[0]);
  const ratio = (peer: Answer[]): string =>
    spread(peer.map(({ seconds }, round) => seconds / secondsAt(answers.assay, round)));
  process.stdout.write(
    `${workload.name}, cells ${cells}, ${part}: Assay ${rate(answers.assay)}, Python ${rate(answers.batches)} in batches of 64 and ` +
      `${rate(answers.singles)} one by one; ${ratio(answers.batches)} and ${ratio(answers.singles)} times Python's\n`,
  );
}

function secondsAt(answers: readonly Answer[], round: number): number {
  return answers[round]?.seconds ?? NaN;
}

function rate(answers: readonly Answer[]): string {
  const perSecond = answers.map(({ samples, seconds }) => samples / seconds);
  return `${Math.round(median(sortAscending(perSecond)))} samples/s`;
}

function spread(ratios: readonly number[]): string {
  const sorted = sortAscending(ratios);
  return `${median(sorted).toFixed(2)} (${Number(sorted[0]).toFixed(2)} to ${Number(sorted.at(-1)).toFixed(2)})`;
}

/** A faster answer that is another one counts for nothing. */
function requireEqual(ours: Answer | undefined, theirs: Answer | undefined): void {
  for (const [id, value] of Object.entries(theirs?.values ?? {})) {
    const own = ours?.values[id] ?? NaN;
    if (!(Math.abs(own - value) <= 1e-5 * Math.max(1, Math.abs(value))))
      throw new Error(`${id}: ${own}, in Python ${value}`);
  }
}

function evaluate(workload: Workload, cells: number, part: Part): Promise<Answer> {
  return timed([process.execPath, evaluation, lanes, String(cells), JSON.stringify(workload)], part);
}

function evaluateInPython(
  workload: Workload,
  { cells, batchSize, part }: { cells: number; batchSize: number; part: Part },
): Promise<Answer> {
  const script = path.join(import.meta.dirname, 'evaluate.py');
  return timed([python, script, '0', String(batchSize), String(cells), JSON.stringify(workload)], part);
}

async function timed([command = '', ...args]: readonly string[], part: Part): Promise<Answer> {
  const startMs = performance.now();
  const { stdout } = await run(command, part === 'warm' ? args : [...args, 'cold']);
  const seconds = (performance.now() - startMs) / 1000;
  const told = answer.parse(JSON.parse(stdout));
  return part === 'warm' ? told : { ...told, seconds };
}
