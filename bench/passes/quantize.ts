import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as ort from 'onnxruntime-node';
import { z } from 'zod';
import { sha256 } from '../../core/hash.ts';
import { createRandom } from '../../core/random.ts';
import { buildVariant } from '../../models/build.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import { decodeModel, readModelBytes } from '../../models/onnx/read.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { quantizeDynamic } from '../../models/passes/quantize-dynamic.ts';

/**
 * Time to make an int8 variant of an MLP (four Gemm layers of 1024x1024, 16.8 MB) against Python's `quantize_dynamic`, file to
 * file, and the latency of both results. One process each, started once and warm; order shuffled every round; medians.
 *
 *     node bench/passes/quantize.ts tests/oracle/.venv/bin/python [rounds]
 */
const spentSchema = z.object({ wallMs: z.number(), cpuMs: z.number() });
const width = 1024;
const layers = 4;
const [python = 'tests/oracle/.venv/bin/python', roundsText = '15'] = process.argv.slice(2);
const rounds = Number(roundsText);
const random = createRandom(1);

interface Peer {
  name: string;
  make(granularity: Granularity): Promise<Spent>;
}
/** Of one run; CPU time is that of all threads, and what a busy machine leaves comparable. */
interface Spent {
  wallMs: number;
  cpuMs: number;
}
type Granularity = 'per-channel' | 'per-tensor';

const folder = await mkdtemp(path.join(tmpdir(), 'assay-bench-'));
const source = path.join(folder, 'mlp.onnx');
await writeFile(source, encodeMlp());
const child = spawn(python, [path.join(import.meta.dirname, 'quantize.py')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

const peers: readonly Peer[] = [
  { name: 'python', make: askPython },
  { name: 'pass', make: (granularity) => timed(() => runPass(granularity)) },
  { name: 'build', make: (granularity) => timed(() => runBuild(granularity)) },
];
for (const granularity of ['per-channel', 'per-tensor'] as const) {
  const times = await interleave(
    peers.map((peer) => ({ name: peer.name, time: () => peer.make(granularity) })),
  );
  report(`making int8, ${granularity}`, times);
  report(`one call of the result, ${granularity}, batch 1`, await latencies());
}
child.stdin.end();
await rm(folder, { recursive: true });

function encodeMlp(): Uint8Array {
  const graph = buildGraph('mlp');
  let value = graph.input('x', { type: 'float32', shape: ['batch', width] });
  for (let layer = 0; layer < layers; layer++) {
    const normal = (length: number): Float32Array =>
      Float32Array.from({ length }, () => random.normal() / Math.sqrt(width));
    const weight = { type: 'float32', shape: [width, width], data: normal(width * width) } as const;
    const bias = { type: 'float32', shape: [width], data: normal(width) } as const;
    const inputs = [value, graph.initializer(`w${layer}`, weight), graph.initializer(`b${layer}`, bias)];
    value = graph.node('Relu', [graph.node('Gemm', inputs)], layer === layers - 1 ? { outputs: ['y'] } : {});
  }
  graph.output('y', { type: 'float32', shape: ['batch', width] });
  return encodeModel(graph.model());
}

async function askPython(granularity: Granularity): Promise<Spent> {
  child.stdin.write(`${JSON.stringify({ source, target: path.join(folder, 'python.onnx'), granularity })}\n`);
  return spentSchema.parse(JSON.parse(String((await answers.next()).value)));
}

/** What Python does too: read the file, rewrite, write the file. */
async function runPass(granularity: Granularity): Promise<void> {
  const outcome = await quantizeDynamic.apply(decodeModel(await readModelBytes(source), source), {
    granularity,
    reduceRange: false,
  });
  if (outcome.status !== 'applied') throw new Error(outcome.reason);
  await writeFile(path.join(folder, 'pass.onnx'), encodeModel(outcome.model));
}

/** What `assay run` does: hashes of source and result, size after gzip and writes that reach the disk besides. */
async function runBuild(granularity: Granularity): Promise<void> {
  const cacheDir = await mkdtemp(path.join(folder, 'cache-'));
  const model = { path: source, sha256: sha256(await readFile(source)) };
  await buildVariant(
    { model, variant: granularity === 'per-channel' ? 'int8-dynamic' : 'int8-dynamic-per-tensor' },
    cacheDir,
  );
  await rm(cacheDir, { recursive: true });
}

async function latencies(): Promise<Map<string, Spent[]>> {
  const input = {
    x: new ort.Tensor(
      'float32',
      Float32Array.from({ length: width }, () => random.normal()),
      [1, width],
    ),
  };
  const open = async (file: string): Promise<ort.InferenceSession> =>
    ort.InferenceSession.create(path.join(folder, file), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const sessions = { python: await open('python.onnx'), pass: await open('pass.onnx') };
  const contenders = Object.entries(sessions).map(([name, session]) => ({
    name,
    time: async () => perCall(await timed(async () => repeat(100, () => session.run(input)))),
  }));
  return interleave(contenders);
}

async function repeat(times: number, call: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < times; time++) await call();
}

async function interleave(
  contenders: readonly { name: string; time: () => Promise<Spent> }[],
): Promise<Map<string, Spent[]>> {
  const times = new Map(contenders.map(({ name }) => [name, [] as Spent[]]));
  for (const { time } of contenders) await time();
  for (let round = 0; round < rounds; round++) {
    for (const { name, time } of random.shuffle(contenders)) times.get(name)?.push(await time());
  }
  return times;
}

async function timed(work: () => Promise<void>): Promise<Spent> {
  const [start, startCpu] = [performance.now(), process.cpuUsage()];
  await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(startCpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

function perCall({ wallMs, cpuMs }: Spent): Spent {
  return { wallMs: wallMs / 100, cpuMs: cpuMs / 100 };
}

function report(title: string, times: ReadonlyMap<string, Spent[]>): void {
  process.stdout.write(`${title}, median of ${rounds}\n`);
  for (const kind of ['wallMs', 'cpuMs'] as const) {
    const medians = [...times].map(([name, runs]) => ({
      name,
      middle: median(runs.map((run) => run[kind])),
    }));
    const reference = medians.find(({ name }) => name === 'python')?.middle ?? NaN;
    const cells = medians.map(
      ({ name, middle }) => `${name} ${middle.toFixed(2)} ms (${(middle / reference).toFixed(2)}x)`,
    );
    process.stdout.write(`  ${kind === 'wallMs' ? 'wall' : 'CPU '}  ${cells.join(' | ')}\n`);
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] ?? NaN)
    : ((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN)) / 2;
}
