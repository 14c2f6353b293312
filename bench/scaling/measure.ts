import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { eachWorkload } from '../workloads/each-workload.ts';
import { modelAlone } from '../workloads/model-alone.ts';
import type { Workload } from '../workloads/workload.ts';
import { bundleEvaluation } from './bundle-evaluation.ts';

/**
 * How much faster cells are evaluated on two cores than on one: one cell, the four of a suite with three variants, and the sixteen of
 * one with four models. From opening the dataset to the figures with their intervals, in a host that has evaluated another one before.
 * One core is `taskset --cpu-list 0` with one lane, two are `0,1` with two. Rounds are interleaved; the ratio is the median of those
 * within a round. Beside it the calls of the model alone.
 *
 *     node bench/scaling/measure.ts [rounds]
 */
const rounds = Number(process.argv[2] ?? '7');
const answer = z.object({ seconds: z.number(), samples: z.number() });
const run = promisify(execFile);

const evaluation = await bundleEvaluation();
await eachWorkload(report, [1, 4, 16]);

async function report(workload: Workload, cells: number): Promise<void> {
  const [one, two, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const [alone, both] = [
      await evaluate(workload, { cells, cores: 1 }),
      await evaluate(workload, { cells, cores: 2 }),
    ];
    one.push(alone.seconds);
    two.push(both.seconds);
    ratios.push(alone.seconds / both.seconds);
  }
  const middle = (values: number[]): number => median(sortAscending(values));
  const range = Array.from(sortAscending(ratios), (ratio) => ratio.toFixed(2));
  process.stdout.write(
    `${workload.name}, cells ${cells}: 1 core ${middle(one).toFixed(2)} s, 2 cores ${middle(two).toFixed(2)} s, ` +
      `${middle(ratios).toFixed(2)}x (${range[0] ?? ''} to ${range.at(-1) ?? ''})\n`,
  );
  if (cells === 1) await reportModel(workload);
}

async function reportModel(workload: Workload): Promise<void> {
  const { one, two } = await modelAlone(workload);
  process.stdout.write(
    `${workload.name}, calls of the model alone: 1 core ${Math.round(one)} samples/s, 2 cores ${Math.round(two)}, ${(two / one).toFixed(2)}x\n`,
  );
}

async function evaluate(
  workload: Workload,
  { cells, cores }: { cells: number; cores: number },
): Promise<z.output<typeof answer>> {
  const cpus = Array.from({ length: cores }, (_, core) => core).join(',');
  const { stdout } = await run('taskset', [
    '--cpu-list',
    cpus,
    process.execPath,
    evaluation,
    ...[String(cores), String(cells)],
    JSON.stringify(workload),
  ]);
  return answer.parse(JSON.parse(stdout));
}
