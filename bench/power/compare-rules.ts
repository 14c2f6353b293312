/* eslint-disable no-console -- a command whose output is its result */
import { wilsonInterval } from '../../core/statistics/wilson.ts';
import type { ProcessTimes } from '../../results/compare-latency.ts';
import { peerRules } from '../peers-rules/registry.ts';
import { decisionsOfAssay, decisionsOfPeer } from './decisions.ts';
import { readRecordings, type RecordedProcess, type Recording } from './recording.ts';

/** Decides for the pairs of one recording, one flag a decision. */
interface Rule {
  name: string;
  decide: (processes: readonly ProcessTimes[]) => boolean[];
}

const rules: readonly Rule[] = [
  { name: '**Assay**', decide: decisionsOfAssay },
  ...peerRules.map((rule) => ({
    name: rule.name,
    decide: (processes: readonly ProcessTimes[]) => decisionsOfPeer(rule, processes),
  })),
];

/**
 * Applies every rule to the same recorded pairs and prints, for each thing that was timed, how often it flags identical code
 * and how often 2 % more work, with 95 % intervals.
 * usage: node bench/power/compare-rules.ts bench/power/recordings/*.jsonl tests/golden/traces/timings.json.gz
 */
async function main(): Promise<void> {
  const files = process.argv.slice(2);
  if (files.length === 0) throw new Error('name the files: recordings/*.jsonl or timings.json.gz');
  const recordings = (await Promise.all(files.map(readRecordings))).flat();
  for (const [source, ofSource] of Map.groupBy(recordings, (recording) => recording.source))
    printTable(source, ofSource);
}

function printTable(source: string, recordings: readonly Recording[]): void {
  const processes = recordings.reduce((sum, recording) => sum + recording.processes.length, 0);
  console.log(`\n${source}: ${recordings.length} recordings, ${processes} processes\n`);
  console.log(
    '| rule | identical code flagged | 2 % more work flagged | decisions |\n| --- | --- | --- | --- |',
  );
  for (const { name, decide } of rules) {
    const flagged = (variant: 'control' | 'variant'): boolean[] =>
      recordings.flatMap((recording) => decide(recording.processes.map(pairWith(variant))));
    const [same, more] = [flagged('control'), flagged('variant')];
    console.log(`| ${name} | ${share(same)} | ${share(more)} | ${same.length}, ${more.length} |`);
  }
}

const pairWith =
  (variant: 'control' | 'variant') =>
  (process: RecordedProcess): ProcessTimes => ({ baseline: process.baseline, variant: process[variant] });

function share(flags: readonly boolean[]): string {
  if (flags.length === 0) return '-';
  const count = flags.filter(Boolean).length;
  const { low, high } = wilsonInterval(count, flags.length, 0.95);
  const percent = (value: number): string => (value * 100).toFixed(1);
  return `${percent(count / flags.length)} % [${percent(low)}, ${percent(high)}]`;
}

await main();
