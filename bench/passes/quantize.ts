import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as ort from 'onnxruntime-node';
import * as z from 'zod';
import { createRandom } from '../../core/random.ts';
import { giveBack } from '../../core/spare-bytes.ts';
import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { buildVariant } from '../../models/build.ts';
import { loadModel } from '../../models/manifest.ts';
import { alignWeights, decodeModelFile, readModelBytes } from '../../models/onnx/read.ts';
import { encodeModel, encodePieces } from '../../models/onnx/write.ts';
import { applyPasses } from '../../models/passes/apply.ts';
import type { CalibrationData } from '../../models/passes/calibration.ts';
import { parseVariant, stepsOn } from '../../models/variant.ts';
import { sampleSize, subjectOf } from './quantize-subject.ts';

/**
 * Time to make int8 variants of an MLP (four Gemm layers of 1024x1024, 16.8 MB), or of an architecture, against Python's
 * `quantize_dynamic` and `quantize_static`, file to file, and the latency of both results. One process each, started once and warm;
 * order shuffled every round; medians and the least, which other work on the machine raises least.
 *
 *     node bench/passes/quantize.ts tests/oracle/.venv/bin/python [rounds] [variant or all] [resnet-50, mobilenet-v2, bert-base]
 */
const spentSchema = z.object({ wallMs: z.number(), cpuMs: z.number() });
const [python = 'tests/oracle/.venv/bin/python', roundsText = '15', only = 'all', name = 'mlp'] =
  process.argv.slice(2);
const subject = subjectOf(name);
const batchShape = [subject.batch, ...subject.shape];
const batchSize = subject.batch * sampleSize(subject);
const rounds = Number(roundsText);
const random = createRandom(1);

interface Wanted {
  kind: 'dynamic' | 'static';
  granularity: 'per-channel' | 'per-tensor';
  variant: string;
}
interface Peer {
  name: string;
  make(wanted: Wanted): Promise<Spent>;
}
/** Of one run; CPU time is that of all threads, and what a busy machine leaves comparable. */
interface Spent {
  wallMs: number;
  cpuMs: number;
}

const folder = await mkdtemp(path.join(tmpdir(), 'assay-bench-'));
const source = path.join(folder, 'model.onnx');
await writeFile(source, encodeModel(subject.build()));
const rows = Float32Array.from({ length: subject.batches * batchSize }, () => random.normal());
const calibrationFile = path.join(folder, 'calibration.f32');
await writeFile(calibrationFile, rows);
const child = spawn(python, [path.join(import.meta.dirname, 'quantize.py')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

const peers: readonly Peer[] = [
  { name: 'python', make: askPython },
  { name: 'pass', make: (wanted) => timed(() => runPass(wanted)) },
  { name: 'build', make: (wanted) => timed(() => runBuild(wanted)) },
];
const all: readonly Wanted[] = [
  { kind: 'dynamic', granularity: 'per-channel', variant: 'int8-dynamic' },
  { kind: 'dynamic', granularity: 'per-tensor', variant: 'int8-dynamic-per-tensor' },
  { kind: 'static', granularity: 'per-channel', variant: 'int8-static' },
  { kind: 'static', granularity: 'per-tensor', variant: 'int8-static-per-tensor' },
];
for (const wanted of all.filter(({ variant }) => only === 'all' || variant === only)) {
  const times = await interleave(peers.map((peer) => ({ name: peer.name, time: () => peer.make(wanted) })));
  report(`making ${wanted.variant} of ${subject.title}`, times);
  report(`one call of ${wanted.variant}, batch 1`, await latencies());
}
child.stdin.end();
await rm(folder, { recursive: true });

async function askPython(wanted: Wanted): Promise<Spent> {
  const target = path.join(folder, 'python.onnx');
  const { input } = subject;
  const request = { ...wanted, source, target, calibration: calibrationFile, input, shape: batchShape };
  child.stdin.write(`${JSON.stringify(request)}\n`);
  return spentSchema.parse(JSON.parse(String((await answers.next()).value)));
}

function calibrationData(): CalibrationData {
  return {
    description: `${subject.batches} batches of ${subject.batch}`,
    hash: 'rows',
    batches: async function* () {
      for (let start = 0; start < rows.length; start += batchSize) {
        const data = rows.subarray(start, start + batchSize);
        yield await Promise.resolve({ [subject.input]: { type: 'float32', shape: batchShape, data } });
      }
    },
  };
}

/** What Python does too: read the file, rewrite, write the file. */
async function runPass({ variant }: Wanted): Promise<void> {
  const bytes = await readModelBytes(source);
  const model = await decodeModelFile(bytes, source);
  alignWeights(model);
  const applied = await applyPasses(model, stepsOn(parseVariant(variant), 'onnx') ?? [], calibrationData());
  if ('reason' in applied) throw new Error(applied.reason);
  await writeFile(path.join(folder, 'pass.onnx'), encodePieces(applied.model));
  giveBack(bytes);
}

/** What `assay run` does: hashes of source and result, a load of the result and writes that reach the disk besides. */
async function runBuild({ variant }: Wanted): Promise<void> {
  const cacheDir = await mkdtemp(path.join(folder, 'cache-'));
  const { onnx } = await loadModel(source);
  if (onnx === null) throw new Error(`${source} is not ONNX`);
  await buildVariant({ model: onnx, variant, calibration: calibrationData(), gzip: false }, cacheDir);
  await rm(cacheDir, { recursive: true });
}

async function latencies(): Promise<Map<string, Spent[]>> {
  const input = {
    [subject.input]: new ort.Tensor(
      'float32',
      Float32Array.from({ length: sampleSize(subject) }, () => random.normal()),
      [1, ...subject.shape],
    ),
  };
  const open = async (file: string): Promise<ort.InferenceSession> =>
    ort.InferenceSession.create(path.join(folder, file), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const sessions = { python: await open('python.onnx'), pass: await open('pass.onnx') };
  const contenders = Object.entries(sessions).map(([name, session]) => ({
    name,
    time: async () => perCall(await timed(async () => repeat(subject.calls, () => session.run(input)))),
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
  return { wallMs: wallMs / subject.calls, cpuMs: cpuMs / subject.calls };
}

function report(title: string, times: ReadonlyMap<string, Spent[]>): void {
  process.stdout.write(`${title}, ${rounds} rounds\n`);
  const figures = {
    median: (values: readonly number[]) => median(sortAscending(values)),
    least: (values: readonly number[]) => Math.min(...values),
  };
  for (const kind of ['wallMs', 'cpuMs'] as const) {
    for (const [figure, of] of Object.entries(figures)) {
      const found = [...times].map(([name, runs]) => ({ name, ms: of(runs.map((run) => run[kind])) }));
      const reference = found.find(({ name }) => name === 'python')?.ms ?? NaN;
      const cells = found.map(
        ({ name, ms }) => `${name} ${ms.toFixed(2)} ms (${(ms / reference).toFixed(2)}x)`,
      );
      const label = `${kind === 'wallMs' ? 'wall' : 'CPU'} ${figure}`;
      process.stdout.write(`  ${label.padEnd(12)}  ${cells.join(' | ')}\n`);
    }
  }
}
