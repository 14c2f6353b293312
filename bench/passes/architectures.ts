import { createRandom } from '../../core/random.ts';
import { drawnBatches, fullSize, smallSize, type Architecture } from '../../models/architectures/registry.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';
import { toOrtValues, type OrtValues } from '../../models/onnx/ort-values.ts';
import { openSession, type OrtSession } from '../../models/onnx/session.ts';
import { encodePieces } from '../../models/onnx/write.ts';
import { applyPasses } from '../../models/passes/apply.ts';
import type { CalibrationData } from '../../models/passes/calibration.ts';
import { parseVariant, stepsOn } from '../../models/variant.ts';

/**
 * Every pass on real architectures at full size, weights drawn by seed: whether it applies, the ratio of signal to error of the first
 * output against float32, size, and latency on one thread, as a Markdown table. Calls of float32 and the variant take turns; the ratio
 * is that of the medians of their CPU times, which other work on the machine disturbs least.
 *
 *     node bench/passes/architectures.ts [architecture,...] [variant,...] [rounds] [small]
 */
const everyVariant = [
  ...['int8-static', 'smooth-quant+int8-static', 'int8-dynamic', 'int8-dynamic-per-tensor'],
  ...['int8-weights', 'int4-weights', 'fp16', 'prune-magnitude-50', 'prune-2-of-4', 'prune-wanda-50'],
  ...['prune-neurons-50', 'prune-channels-50', 'prune-heads-50'],
];
/** Of a few rows each, so that there are some hundred of them. */
const calibrationBatches: Readonly<Record<string, number>> = { perceptron: 64, 'gpt-2': 64 };
const [names = '', variantNames = '', roundsText = '9', size = 'full'] = process.argv.slice(2);
const architectures: Readonly<Record<string, Architecture>> = size === 'small' ? smallSize : fullSize;
const rounds = Number(roundsText);
const wanted = names === '' ? Object.keys(architectures) : names.split(',');
const variants = variantNames === '' ? everyVariant : variantNames.split(',');

print('| architecture | variant | SQNR dB | MB | float32 ms | variant ms | times as fast | made in s |');
print('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const name of wanted) await measure(name);

async function measure(name: string): Promise<void> {
  const architecture = architectures[name];
  if (architecture === undefined) throw new Error(`known: ${Object.keys(architectures).join(', ')}`);
  const source = architecture.build(1);
  const baseline = await open(source);
  const feeds = toOrtValues(baseline.inputs, architecture.inputs(createRandom(100)));
  const context = { source, baseline, feeds, expected: firstOutput(source, baseline.run(feeds)) };
  print(row([name, 'float32', '', megabytes(source)]));
  for (const variant of variants) {
    const started = performance.now();
    const calibration = drawnBatches(architecture, calibrationBatches[name] ?? 8);
    const made = await makeVariant(source, variant, calibration);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (typeof made === 'string') print(row([name, variant, `not applicable: ${made}`]));
    else print(row([name, variant, ...(await compare(context, made)), seconds]));
  }
  baseline.close();
}

async function makeVariant(
  source: OnnxModel,
  variant: string,
  calibration: CalibrationData,
): Promise<OnnxModel | string> {
  const steps = stepsOn(parseVariant(variant), 'onnx') ?? [];
  const applied = await applyPasses(source, steps, calibration);
  return 'reason' in applied ? applied.reason : applied.model;
}

interface Context {
  source: OnnxModel;
  baseline: OrtSession;
  feeds: OrtValues;
  expected: Float32Array;
}

async function compare({ source, baseline, feeds, expected }: Context, made: OnnxModel): Promise<string[]> {
  const session = await open(made);
  const found = firstOutput(source, session.run(feeds));
  const spent: { before: Spent; after: Spent }[] = [];
  for (let round = 0; round < rounds; round++)
    spent.push({ before: timed(baseline, feeds), after: timed(session, feeds) });
  session.close();
  const [before, after] = [medians(spent.map((one) => one.before)), medians(spent.map((one) => one.after))];
  return [
    signalToErrorDb(expected, found).toFixed(1),
    megabytes(made),
    before.wallMs.toFixed(1),
    after.wallMs.toFixed(1),
    `${(before.cpuMs / after.cpuMs).toFixed(2)}x`,
  ];
}

function open(model: OnnxModel): Promise<OrtSession> {
  return openSession(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
}

function firstOutput({ graph }: OnnxModel, outputs: OrtValues): Float32Array {
  const names = graph.output.map((output) => output.name);
  const name = names.find((one) => one === 'logits') ?? names[0] ?? '';
  return outputs[name]?.data as Float32Array;
}

function signalToErrorDb(expected: Float32Array, found: Float32Array): number {
  const signal = expected.reduce((sum, value) => sum + value ** 2, 0);
  const error = expected.reduce((sum, value, index) => sum + (value - (found[index] ?? NaN)) ** 2, 0);
  return 10 * Math.log10(signal / error);
}

interface Spent {
  wallMs: number;
  cpuMs: number;
}

function timed(session: OrtSession, feeds: OrtValues): Spent {
  const [start, startCpu] = [performance.now(), process.cpuUsage()];
  session.run(feeds);
  const { user, system } = process.cpuUsage(startCpu);
  return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
}

function medians(spent: readonly Spent[]): Spent {
  return {
    wallMs: median(spent.map(({ wallMs }) => wallMs)),
    cpuMs: median(spent.map(({ cpuMs }) => cpuMs)),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function megabytes(model: OnnxModel): string {
  return (encodePieces(model).reduce((sum, piece) => sum + piece.length, 0) / 1e6).toFixed(1);
}

function row(cells: readonly string[]): string {
  return `| ${[...cells, ...Array<string>(8 - cells.length).fill('')].join(' | ')} |`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
