/* eslint-disable no-console -- a command whose output is its result */
import { readFile } from 'node:fs/promises';
import { median, quantile, sortAscending } from '../../core/statistics/quantile.ts';
import { mean } from '../../core/statistics/summary.ts';
import { wilsonInterval } from '../../core/statistics/wilson.ts';
import type { LiveRun } from './live-run.ts';

/** The noise between processes up to which the bar holds. */
const quietNoise = 0.02;

/**
 * What live runs came to, a row a model, as a Markdown table.
 * usage: node bench/power/summarise.ts bench/power/recordings/*.jsonl
 */
async function main(): Promise<void> {
  const files = process.argv.slice(2);
  if (files.length === 0) throw new Error('name the recordings: bench/power/recordings/*.jsonl');
  const runs = (await Promise.all(files.map(readRuns))).flat();
  console.log(
    '| model | runs | 2 % more flagged, noise up to 2 % | 2 % more flagged, more noise | same called slower | same called faster | effect measured | noise, median and most | processes | seconds: median, 95th, most |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const [model, ofModel] of Map.groupBy(runs, (run) => run.model)) printRow(model, ofModel);
  printRow('all', runs);
}

async function readRuns(file: string): Promise<LiveRun[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as LiveRun);
}

/** Between processes, as the run itself saw it. */
function isQuiet({ variant }: LiveRun): boolean {
  return variant.noise !== null && variant.noise <= quietNoise;
}

/** As a run tells it: withheld where the control was called different from itself. */
function isFlagged({ control, variant }: LiveRun): boolean {
  return (
    variant.verdict === 'regressed' && (control.verdict === 'pass' || control.verdict === 'inconclusive')
  );
}

function printRow(name: string, runs: readonly LiveRun[]): void {
  const noises = sortAscending(runs.map(({ variant }) => variant.noise ?? NaN));
  const seconds = sortAscending(runs.map((run) => run.seconds));
  const effects = sortAscending(runs.map(({ variant }) => variant.ratio - 1));
  const cells = [
    name,
    runs.length,
    share(runs.filter(isQuiet).map(isFlagged)),
    share(runs.filter((run) => !isQuiet(run)).map(isFlagged)),
    share(runs.map(({ control }) => control.verdict === 'regressed')),
    share(runs.map(({ control }) => control.verdict === 'improved')),
    percent(median(effects)),
    `${percent(median(noises))}, ${percent(quantile(noises, 1))}`,
    mean(runs.map(({ variant }) => variant.processes)).toFixed(1),
    [0.5, 0.95, 1].map((probability) => quantile(seconds, probability).toFixed(1)).join(', '),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

function share(flags: readonly boolean[]): string {
  if (flags.length === 0) return '-';
  const count = flags.filter(Boolean).length;
  const { low, high } = wilsonInterval(count, flags.length, 0.95);
  return `${count} of ${flags.length}: ${percent(count / flags.length)} (${percent(low)} to ${percent(high)})`;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

await main();
