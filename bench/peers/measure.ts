import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { eachWorkload } from '../workloads/each-workload.ts';
import type { Workload } from '../workloads/workload.ts';

/**
 * Samples a second of one cell, and of four on one dataset, from opening a CSV file to the figures, beside pandas, ONNX Runtime in Python and scikit-learn: with a call
 * for 64 samples, as Assay makes, and with a call for each sample. Both use every core they want: Assay two lanes of one thread
 * each, ONNX Runtime in Python its default. What Assay does besides is in its time: intervals of each figure, the same samples in
 * other batches, predictions for each sample kept. Starting either process is not in the time, nor is loading its modules. Rounds are interleaved; the ratio is the
 * median of those within a round.
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

await eachWorkload(report);

async function report(workload: Workload, cells: number): Promise<void> {
  const answers: Record<'assay' | 'batches' | 'singles', Answer[]> = { assay: [], batches: [], singles: [] };
  for (let round = 0; round < rounds; round++) {
    answers.assay.push(await evaluate(workload, cells));
    answers.batches.push(await evaluateInPython(workload, { cells, batchSize: 64 }));
    answers.singles.push(await evaluateInPython(workload, { cells, batchSize: 1 }));
  }
  requireEqual(answers.assay[0], answers.batches[0]);
  const ratio = (peer: Answer[]): string =>
    spread(peer.map(({ seconds }, round) => seconds / secondsAt(answers.assay, round)));
  process.stdout.write(
    `${workload.name}, cells ${cells}: Assay ${rate(answers.assay)}, Python ${rate(answers.batches)} in batches of 64 and ` +
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

async function evaluate(workload: Workload, cells: number): Promise<Answer> {
  const script = path.join(import.meta.dirname, '../scaling/evaluate.ts');
  const { stdout } = await run(process.execPath, [script, lanes, String(cells), JSON.stringify(workload)]);
  return answer.parse(JSON.parse(stdout));
}

async function evaluateInPython(
  workload: Workload,
  { cells, batchSize }: { cells: number; batchSize: number },
): Promise<Answer> {
  const script = path.join(import.meta.dirname, 'evaluate.py');
  const { stdout } = await run(python, [
    script,
    '0',
    String(batchSize),
    String(cells),
    JSON.stringify(workload),
  ]);
  return answer.parse(JSON.parse(stdout));
}
