/* eslint-disable no-console -- a command whose output is its result */
import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runLive, type LiveRun } from './live-run.ts';
import { modelNames, writePair, type ModelName, type PowerPair } from './models.ts';

/**
 * Live runs, each holding a pair of equal models and a pair of which one does 2 % more work, the models in turn; appends
 * each to `recordings/<model>.jsonl`, or in the folder `--out`.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '40' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string', default: path.join(import.meta.dirname, 'recordings') },
    },
  });
  const folder = values.out;
  await mkdir(folder, { recursive: true });
  const models = await mkdtemp(path.join(os.tmpdir(), 'assay-power-'));
  try {
    for (let run = 0; run < Number(values.runs); run++)
      for (const model of modelNames) {
        const live = await measure(await writePair(model, models), Number(values.seed) + run, model);
        await appendFile(path.join(folder, `${model.replace(' ', '-')}.jsonl`), `${JSON.stringify(live)}\n`);
        console.log(line(live));
      }
  } finally {
    await rm(models, { recursive: true });
  }
}

async function measure(pair: PowerPair, seed: number, model: ModelName): Promise<LiveRun> {
  const startedAt = new Date().toISOString();
  const loadAverage = os.loadavg()[0] ?? 0;
  const { signal } = new AbortController();
  return { model, startedAt, loadAverage, ...(await runLive(pair, { seed, signal })) };
}

function line({ model, seconds, loadAverage, control, variant }: LiveRun): string {
  const percent = (share: number | null): string => (share === null ? '-' : `${(share * 100).toFixed(2)} %`);
  return [
    model,
    `${seconds.toFixed(1)} s`,
    `load ${loadAverage.toFixed(1)}`,
    `${variant.processes} processes`,
    `noise ${percent(variant.noise)}`,
    `same: ${control.verdict} ${percent(control.ratio - 1)}`,
    `more: ${variant.verdict} ${percent(variant.ratio - 1)}`,
    `visible ${percent(variant.minimumDetectableEffect)}`,
  ].join('\t');
}

await main();
