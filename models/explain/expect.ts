import { passes, type PassName } from '../passes/registry.ts';
import { kindOf, type PassStep } from '../variant.ts';
import { expectations, manyRows, type Expectation, type RatioRange } from './expectations.ts';
import type { Profile, ProfiledNode } from './profile.ts';
import { hasDotProduct, type Situation } from './situation.ts';
import { workOf, type Work, type WorkKind } from './work.ts';

/** A part of the baseline's time, and what is known of it after the passes. */
export interface ExpectedPart {
  kind: WorkKind;
  /** Of the baseline's time in nodes, 0 to 1. */
  share: number;
  /** Times as fast; null where no figure is known. */
  ratio: RatioRange | null;
  /** What each figure rests on. */
  sources: readonly { basis: Expectation['basis']; text: string }[];
}

/** What to expect of a variant before it is measured. */
export interface Expected {
  /** Times as fast as the baseline; null where the figure of a part that matters is not known. */
  ratio: RatioRange | null;
  /** The share that the passes reach, 0 to 1. */
  reached: number;
  /** Parts that the passes reach. */
  parts: readonly ExpectedPart[];
}

export interface ExpectRequest {
  steps: readonly PassStep<'onnx'>[];
  baseline: Profile;
  situation: Situation;
  /** Whether a node is computed in floats in the variant as before, whatever has become of its weights. */
  isKept: (node: ProfiledNode) => boolean;
  /** How many times as many weights the baseline has: 1 where passes change no shape. */
  shrink: number;
}

/** A part without a known figure makes the whole unknown from this share on. */
const mostUnknown = 0.05;

/**
 * Adds up what is known of single kinds of nodes: the time of each part of the baseline, divided by its ratio, and the rest as it
 * is (Amdahl's law). It is a range to hold a measurement against, never a measurement.
 */
export function expectRatio(request: ExpectRequest): Expected {
  const total = sumOf(request.baseline.nodes);
  const parts = new Map<string, ExpectedPart>();
  for (const node of request.baseline.nodes) {
    const part = partOf(node, request);
    if (part === null) continue;
    const key = JSON.stringify([part.kind, part.ratio, part.sources]);
    parts.set(key, { ...part, share: (parts.get(key)?.share ?? 0) + node.ms / total });
  }
  const all = [...parts.values()].sort((a, b) => b.share - a.share);
  const unknown = sumShares(all.filter(({ ratio }) => ratio === null));
  return {
    parts: all,
    reached: sumShares(all),
    ratio: unknown > mostUnknown ? null : { low: whole(all, 'low'), high: whole(all, 'high') },
  };
}

function sumOf(nodes: readonly ProfiledNode[]): number {
  return nodes.reduce((sum, { ms }) => sum + ms, 0);
}

function sumShares(parts: readonly ExpectedPart[]): number {
  return parts.reduce((sum, { share }) => sum + share, 0);
}

function whole(parts: readonly ExpectedPart[], end: keyof RatioRange): number {
  const rest = 1 - sumShares(parts);
  return 1 / parts.reduce((time, { share, ratio }) => time + share / (ratio?.[end] ?? 1), rest);
}

/** Null for a node that no pass reaches. */
function partOf(
  node: ProfiledNode,
  { steps, situation, isKept, shrink }: ExpectRequest,
): Omit<ExpectedPart, 'share'> | null {
  const work = workOf(node);
  if (work === null) return null;
  const changing = isKept(node) ? steps.filter(({ pass }) => kindOf(pass) !== 'quantizes') : steps;
  const reaching = changing.filter(({ pass }) => reaches(pass, work.kind));
  if (reaching.length === 0) return null;
  const found = reaching.map((step) => find(step, work, situation));
  const known = found.filter((expectation) => expectation !== null);
  const sources = known.map(({ basis, text }) => ({ basis, text }));
  const ratio = known.length < found.length ? null : known.map((one) => ratioOf(one, shrink)).reduce(times);
  return { kind: work.kind, ratio, sources };
}

const operatorsOf: Readonly<Record<WorkKind, readonly string[]>> = {
  product: ['Gemm', 'MatMul'],
  convolution: ['Conv'],
  'depthwise convolution': ['Conv'],
};

function reaches(pass: PassName, kind: WorkKind): boolean {
  return (
    pass === 'convert-fp16' || passes[pass].operators.some((operator) => operatorsOf[kind].includes(operator))
  );
}

function find({ pass, parameters }: PassStep<'onnx'>, work: Work, situation: Situation): Expectation | null {
  const rows = work.rows >= manyRows ? 'many' : 'few';
  const activations = parameters.activations ?? 'uint8';
  const fitting = expectations.filter(
    (one) =>
      one.passes.includes(pass) &&
      one.kinds.includes(work.kind) &&
      one.devices.some((device) => device === situation.device) &&
      (one.dotProduct ?? hasDotProduct(situation)) === hasDotProduct(situation) &&
      (one.rows ?? rows) === rows &&
      (one.activations ?? activations) === activations &&
      one.leastMultiplyAdds <= work.multiplyAdds,
  );
  return fitting.toSorted((a, b) => b.leastMultiplyAdds - a.leastMultiplyAdds)[0] ?? null;
}

function ratioOf({ effect }: Expectation, shrink: number): RatioRange {
  if (effect.kind === 'ratio') return effect.ratio;
  const { low, high } = effect.gain;
  return { low: 1 + low * (shrink - 1), high: 1 + high * (shrink - 1) };
}

function times(first: RatioRange, second: RatioRange): RatioRange {
  return { low: first.low * second.low, high: first.high * second.high };
}
