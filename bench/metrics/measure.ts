/* eslint-disable no-console -- a command whose output is its result */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { metricById } from '../../tasks/metrics/registry.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import { dataSets } from './data.ts';

/**
 * Times every metric beside its Python oracle on the same data: one call each in turn, medians of the rounds,
 * after half a second in which the compiler gets to know the metric.
 * usage: node bench/metrics/measure.ts [--rows 1000000] [--segments 100000] [--ter 2000] [--rounds 21] [SET[/ID] ...]
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: 'string', default: '1000000' },
      segments: { type: 'string', default: '100000' },
      ter: { type: 'string', default: '2000' },
      rounds: { type: 'string', default: '21' },
    },
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'assay-metrics-'));
  try {
    const data = dataSets(folder, {
      rows: Number(values.rows),
      segments: Number(values.segments),
      terSegments: Number(values.ter),
    });
    await measureAll(data, { folder, rounds: Number(values.rounds), chosen: positionals });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Plan {
  folder: string;
  rounds: number;
  chosen: readonly string[];
}

async function measureAll(
  data: Record<string, () => Predictions>,
  { folder, rounds, chosen }: Plan,
): Promise<void> {
  const oracle = startOracle(folder);
  console.log('metric\trounds\tassay ms\toracle ms\tratio\tdifference');
  for (const [set, draw] of Object.entries(data)) {
    if (chosen.length > 0 && !chosen.some((name) => name.split('/')[0] === set)) continue;
    const predictions = draw();
    const ids = (await oracle.ask(`${set} ?`)).split(' ');
    for (const id of ids.filter((name) => isChosen(`${set}/${name}`, chosen)))
      console.log(await measureOne({ set, id, predictions, rounds }, oracle));
  }
  oracle.child.kill();
}

function isChosen(name: string, chosen: readonly string[]): boolean {
  return chosen.length === 0 || chosen.some((asked) => name === asked || name.startsWith(`${asked}/`));
}

interface Oracle {
  child: ChildProcessWithoutNullStreams;
  ask(line: string): Promise<string>;
}

function startOracle(folder: string): Oracle {
  const python = path.resolve(import.meta.dirname, '../../tests/oracle/.venv/bin/python');
  const child = spawn(python, [path.join(import.meta.dirname, 'oracles.py'), folder]);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    ask: async (line) => {
      child.stdin.write(`${line}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`The Python oracle ended at "${line}".`);
      return value;
    },
  };
}

interface Question {
  set: string;
  id: string;
  predictions: Predictions;
  rounds: number;
}

/** Rounds stop early once a metric has taken half a minute. */
async function measureOne({ set, id, predictions, rounds }: Question, oracle: Oracle): Promise<string> {
  const metric = metricById(id, predictions.kind);
  const ours: number[] = [];
  const theirs: number[] = [];
  let difference = 0;
  warmUp(() => metric.compute(predictions));
  const begun = performance.now();
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    const { value } = metric.compute(predictions);
    const tookMs = performance.now() - start;
    const [oracleMs = NaN, answer = NaN] = (await oracle.ask(`${set} ${id}`)).split(' ').map(Number);
    difference = Math.abs((value ?? NaN) - answer) / Math.max(1, Math.abs(answer));
    if (round === 0 && rounds > 0 && performance.now() - begun < 15_000) continue;
    ours.push(tookMs);
    theirs.push(oracleMs);
    if (performance.now() - begun > 30_000) break;
  }
  const [assayMs, oracleMs] = [median(ours), median(theirs)];
  const figures = [
    assayMs.toFixed(2),
    oracleMs.toFixed(2),
    (oracleMs / assayMs).toFixed(1),
    difference.toExponential(1),
  ];
  return [`${set}/${id}`, ours.length, ...figures].join('\t');
}

function warmUp(call: () => unknown): void {
  const begun = performance.now();
  while (performance.now() - begun < 500) call();
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

await main();
