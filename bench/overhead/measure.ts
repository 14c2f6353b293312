/* eslint-disable no-console -- a command whose output is its result */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { createRandom } from '../../core/random.ts';
import { median, quantileInterval, sortAscending } from '../../core/statistics/quantile.ts';
import { systemClock } from '../../core/clock.ts';
import { measureTimer } from '../../runners/floors.ts';
import { startLoop, type Loop, type LoopCommand } from './loop.ts';
import { writeModels, type StoredModel } from './models.ts';

/** Median call of each round in milliseconds, of one model by one loop. */
interface Blocks {
  model: StoredModel;
  loop: string;
  p50Ms: number[];
}

/** Rounds before all processes start anew: where a process lies in memory is a part of its speed. */
const roundsOfProcess = 5;
const warmUpMs = 150;

/**
 * Times the same models in blocks of each loop in turn, in random order, and prints what Assay reports against the others.
 * usage: node bench/overhead/measure.ts [--rounds 30]
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '30' } } });
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-overhead-'));
  try {
    const models = await writeModels(folder);
    const blocks = await timeRounds(models, Number(values.rounds));
    printTable(blocks);
    printTimer();
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function timeRounds(models: readonly StoredModel[], rounds: number): Promise<Blocks[]> {
  const random = createRandom(1);
  const blocks = models.flatMap((model) => loops().map(({ name }) => ({ model, loop: name, p50Ms: [] })));
  for (let round = 0; round < rounds; round += roundsOfProcess) {
    const running = new Map<string, Loop>();
    for (const loop of loops()) running.set(loop.name, await startLoop(loop, models));
    await warmUp([...running.values()], models);
    for (let again = round; again < Math.min(rounds, round + roundsOfProcess); again++)
      await timeRound(random.shuffle(blocks), running);
    for (const loop of running.values()) await loop.stop();
  }
  return blocks;
}

async function timeRound(blocks: readonly Blocks[], running: ReadonlyMap<string, Loop>): Promise<void> {
  const byModel = Map.groupBy(blocks, ({ model }) => model);
  for (const block of [...byModel.values()].flat()) {
    const calls = await running.get(block.loop)?.timeBlock(block.model.number, block.model.blockMs);
    block.p50Ms.push(medianOf(calls ?? []));
  }
}

async function warmUp(running: readonly Loop[], models: readonly StoredModel[]): Promise<void> {
  for (const loop of running) for (const { number } of models) await loop.timeBlock(number, warmUpMs);
}

function loops(): LoopCommand[] {
  const here = (file: string): string => path.join(import.meta.dirname, file);
  const all: LoopCommand[] = [
    { name: 'Assay', command: [process.execPath, here('assay-loop.ts')] },
    { name: 'Node', command: [process.execPath, here('node-loop.ts')] },
    { name: 'Python', command: [here('.venv/bin/python'), here('loop.py')] },
    { name: 'native', command: [here('native/target/release/native-loop'), runtimeLibrary()] },
  ];
  return all.filter(({ name, command: [program] }) => {
    const isThere = existsSync(program);
    if (!isThere) console.error(`left out: ${name}, which bench/overhead/README.md tells how to install`);
    return isThere;
  });
}

/** The library that the Node package runs; the native loop loads the same file. */
function runtimeLibrary(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  const { platform, arch } = process;
  return path.join(entry, '../../bin/napi-v6', platform, arch, 'libonnxruntime.so.1');
}

function printTable(blocks: readonly Blocks[]): void {
  const names = [...new Set(blocks.map(({ loop }) => loop))];
  const others = names.filter((name) => name !== 'Assay');
  const header = [
    'model',
    ...names.map((name) => `${name} p50, µs`),
    ...others.map((name) => `Assay / ${name}`),
  ];
  console.log(`| ${header.join(' | ')} |\n|${' --- |'.repeat(header.length)}`);
  for (const [model, ofModel] of Map.groupBy(blocks, (block) => block.model)) {
    const of = (name: string): number[] => ofModel.find(({ loop }) => loop === name)?.p50Ms ?? [];
    const times = names.map((name) => (medianOf(of(name)) * 1000).toFixed(1));
    const ratios = others.map((name) => describeRatio(of('Assay'), of(name)));
    console.log(`| ${[model.name, ...times, ...ratios].join(' | ')} |`);
  }
}

/** Median over the rounds of the ratio within a round, with its 95 % interval. */
function describeRatio(above: readonly number[], below: readonly number[]): string {
  const ratios = sortAscending(above.map((value, round) => value / (below[round] ?? NaN)));
  const interval = quantileInterval(ratios, { probability: 0.5, level: 0.95 });
  const range = interval === null ? '' : ` [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`;
  return `${median(ratios).toFixed(3)}${range}`;
}

function printTimer(): void {
  const { stepMs, costMs } = measureTimer(systemClock);
  const nanoseconds = (ms: number): string => `${Math.round(ms * 1e6)} ns`;
  console.log(`\nTimer: steps of ${nanoseconds(stepMs)}, ${nanoseconds(costMs)} to read.`);
}

const medianOf = (values: readonly number[]): number => median(sortAscending(values));

await main();
