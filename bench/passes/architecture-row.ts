import { createRandom } from '../../core/random.ts';
import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { drawnBatches, type Architecture } from '../../models/architectures/registry.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';
import { toOrtValues, type OrtValues } from '../../models/onnx/ort-values.ts';
import { openSession, type OrtSession } from '../../models/onnx/session.ts';
import { encodePieces } from '../../models/onnx/write.ts';
import { applyPasses } from '../../models/passes/apply.ts';
import { parseVariant, stepsOn } from '../../models/variant.ts';

/** What came of a variant of an architecture. */
export type Outcome =
  | { status: 'measured'; figures: Figures }
  | { status: 'not-applicable'; reason: string }
  | { status: 'failed'; reason: string };

export interface Figures {
  signalToErrorDb: number;
  sizeMB: readonly [before: number, after: number];
  /** Medians of one call. */
  wallMs: readonly [before: number, after: number];
  /** By CPU time, which other work on the machine disturbs least. */
  timesAsFast: number;
  madeInSeconds: number;
  /** Processor time of it. */
  madeInCpuSeconds: number;
}

/** An architecture with float32 weights, and what it puts out. */
export interface Baseline {
  architecture: Architecture;
  source: OnnxModel;
  session: OrtSession;
  feeds: OrtValues;
  expected: Float32Array;
}

export async function openBaseline(architecture: Architecture): Promise<Baseline> {
  const source = architecture.build(1);
  const session = await open(source);
  const feeds = toOrtValues(session.inputs, architecture.inputs(createRandom(100)));
  return { architecture, source, session, feeds, expected: firstOutput(source, session.run(feeds)) };
}

/** Makes a variant and measures it beside float32, calls of both in turn. */
export async function measureVariant(
  baseline: Baseline,
  variant: string,
  { rounds, batches }: { rounds: number; batches: number },
): Promise<Outcome> {
  const [started, startedCpu] = [performance.now(), process.cpuUsage()];
  try {
    const steps = stepsOn(parseVariant(variant), 'onnx') ?? [];
    const made = await applyPasses(baseline.source, steps, drawnBatches(baseline.architecture, batches));
    if ('reason' in made) return { status: 'not-applicable', reason: made.reason };
    const madeInSeconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(startedCpu);
    const madeInCpuSeconds = (user + system) / 1e6;
    const figures = await compare(baseline, made.model, rounds);
    return { status: 'measured', figures: { ...figures, madeInSeconds, madeInCpuSeconds } };
  } catch (error) {
    return { status: 'failed', reason: String(error) };
  }
}

async function compare(
  { source, session: before, feeds, expected }: Baseline,
  model: OnnxModel,
  rounds: number,
): Promise<Omit<Figures, 'madeInSeconds' | 'madeInCpuSeconds'>> {
  const after = await open(model);
  const found = firstOutput(source, after.run(feeds));
  const spent = Array.from({ length: rounds }, () => [timed(before, feeds), timed(after, feeds)] as const);
  after.close();
  const [old, made] = [medians(spent.map(([one]) => one)), medians(spent.map(([, one]) => one))];
  return {
    signalToErrorDb: signalToErrorDb(expected, found),
    sizeMB: [megabytes(source), megabytes(model)],
    wallMs: [old.wallMs, made.wallMs],
    timesAsFast: old.cpuMs / made.cpuMs,
  };
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
    wallMs: median(sortAscending(spent.map(({ wallMs }) => wallMs))),
    cpuMs: median(sortAscending(spent.map(({ cpuMs }) => cpuMs))),
  };
}

function megabytes(model: OnnxModel): number {
  return encodePieces(model).reduce((sum, piece) => sum + piece.length, 0) / 1e6;
}
