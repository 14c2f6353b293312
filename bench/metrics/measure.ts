/* eslint-disable no-console -- a command whose output is its result */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { nearKernels } from '../../tasks/kernels/place-columns.ts';
import { metricById } from '../../tasks/metrics/registry.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import { dataSets } from './data.ts';
import { idsOf, isChosen } from './ids.ts';

/**
 * Times every metric beside its Python oracle on the same data, in turn, after a while in which the compiler gets to know
 * the metric: medians of wall time over the rounds, and means of processor time, which other programs disturb less.
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
  console.log('metric\trounds\tassay ms\toracle ms\tratio\tassay cpu ms\toracle cpu ms\tratio\tdifference');
  for (const [set, draw] of Object.entries(data)) {
    if (chosen.length > 0 && !chosen.some((name) => name.split('/')[0] === set)) continue;
    // Where an evaluation and `assay score` have them.
    const predictions = nearKernels(draw());
    for (const id of idsOf(set).filter((name) => isChosen(`${set}/${name}`, chosen)))
      console.log(await measureOne({ set, id, predictions, rounds }, oracle));
  }
  oracle.child.kill();
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

/** What one call took. */
interface Took {
  wallMs: number;
  cpuMs: number;
}

/** Calls follow each other for so long in each round: the clock of processor time moves in steps of some milliseconds. */
const roundMs = 20;

/** Rounds stop early once a metric has taken half a minute. */
async function measureOne({ set, id, predictions, rounds }: Question, oracle: Oracle): Promise<string> {
  const metric = metricById(id, predictions.kind);
  const ours: Took[] = [];
  const theirs: Took[] = [];
  let difference = 0;
  warmUp(() => metric.compute(predictions));
  const begun = performance.now();
  for (let round = 0; round <= rounds; round++) {
    const { took, value } = timed(() => metric.compute(predictions).value);
    const reply = await oracle.ask(`${set} ${id} ${roundMs}`);
    const [wallMs = NaN, cpuMs = NaN, answer = NaN] = reply.split(' ').map(Number);
    difference = Math.abs((value ?? NaN) - answer) / Math.max(1, Math.abs(answer));
    if (round === 0 && rounds > 0 && performance.now() - begun < 15_000) continue;
    ours.push(took);
    theirs.push({ wallMs, cpuMs });
    if (performance.now() - begun > 30_000) break;
  }
  const [wall, cpu] = [
    sideBySide(medianOf(ours), medianOf(theirs)),
    sideBySide(mean(ours.map(({ cpuMs }) => cpuMs)), mean(theirs.map(({ cpuMs }) => cpuMs))),
  ];
  return [`${set}/${id}`, ours.length, ...wall, ...cpu, difference.toExponential(1)].join('\t');
}

function timed<Value>(call: () => Value): { took: Took; value: Value } {
  const used = process.cpuUsage();
  const start = performance.now();
  let [value, calls] = [call(), 1];
  for (; performance.now() - start < roundMs; calls++) value = call();
  const wallMs = (performance.now() - start) / calls;
  const { user, system } = process.cpuUsage(used);
  return { took: { wallMs, cpuMs: (user + system) / 1000 / calls }, value };
}

function sideBySide(ours: number, theirs: number): string[] {
  return [ours.toFixed(2), theirs.toFixed(2), (theirs / ours).toFixed(1)];
}

/** By processor time, as on a busy machine little of the wall time is ours. */
function warmUp(call: () => unknown): void {
  const begun = process.cpuUsage();
  for (let usedMs = 0; usedMs < 300;) {
    call();
    const { user, system } = process.cpuUsage(begun);
    usedMs = (user + system) / 1000;
  }
}

function medianOf(took: readonly Took[]): number {
  return median(sortAscending(took.map(({ wallMs }) => wallMs)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

await main();
