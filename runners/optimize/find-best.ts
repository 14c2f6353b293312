import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { copyModel } from '../../models/copy-model.ts';
import { formatOf } from '../../models/format.ts';
import type { Model } from '../../models/manifest.ts';
import { decodeModelFile, readModelBytes } from '../../models/onnx/read.ts';
import type { VariantPlan } from '../../models/variant.ts';
import type { Margin } from '../../results/policy.ts';
import type { Variant } from '../../results/schema.ts';
import { parseTarget } from '../../suites/target.ts';
import type { ModelData } from '../explain/model-data.ts';
import type { ExplainEffects } from '../explain/subject.ts';
import { timeCandidates, type CandidateTime } from '../explain/time-candidates.ts';
import { failureOf } from '../pool/supervise.ts';
import { choose, frontierOf, type Aim, type Candidate } from './choose.ts';
import { chooseSource } from './make-variants.ts';
import { predictBaseline, type Bench, type Predicted } from './predict-variant.ts';
import type { RankLimits } from './rank-layers.ts';
import { scorerOnData, type Scorer } from './score-variant.ts';
import { search, type SearchOutcome, type Unjudged } from './search.ts';

export interface FindRequest {
  model: Model;
  data: ModelData;
  plans: readonly VariantPlan[];
  maxDrop: Margin;
  aim: Aim;
  limits: RankLimits;
  timeoutMs: number;
  /** Folder of the file that is chosen. */
  out: string;
}

/** Every candidate, which of them no other one beats, and the one that was written. */
export interface Found {
  baseline: { variant: Variant; time: CandidateTime | null };
  candidates: readonly Candidate[];
  frontier: readonly Candidate[];
  unjudged: readonly Unjudged[];
  chosen: { candidate: Candidate; file: string } | null;
}

/** Searches for the fastest or smallest variant whose loss is proven to be within the margin, and writes it. */
export async function findBest(request: FindRequest, effects: ExplainEffects): Promise<Found> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-search-'));
  const { model, data, plans } = request;
  const source = chooseSource(model, plans);
  const target = parseTarget(source.format === 'onnx' ? 'onnxruntime/cpu' : 'tfjs/wasm');
  try {
    return await findOn({ ...source, data, target, folder, host: effects.host }, request, effects);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Baseline = Extract<Predicted, { status: 'predicted' }>;

async function findOn(bench: Bench, request: FindRequest, effects: ExplainEffects): Promise<Found> {
  const { aim, out, model } = request;
  effects.report('predicting with the baseline');
  const baseline = await predictBaseline(bench);
  const outcome = await searchOn(bench, baseline, { ...request, ...effects });
  const times =
    aim === 'latency'
      ? await timesOf(baseline, outcome, { ...request, ...effects, target: bench.target })
      : null;
  const candidates = outcome.tried.map(({ candidate: tried, comparison }): Candidate => {
    return { tried, comparison, time: times?.get(tried.variant.name) ?? null };
  });
  const best = choose(candidates, aim);
  const file =
    best === null
      ? ''
      : await copyModel(best.tried.path, path.join(out, `${model.id}.${best.tried.variant.name}`));
  return {
    baseline: { variant: baseline.variant, time: times?.get(baseline.variant.name) ?? null },
    ...{ candidates, unjudged: outcome.unjudged, frontier: frontierOf(candidates, aim) },
    chosen: best === null ? null : { candidate: best, file },
  };
}

async function searchOn(
  bench: Bench,
  { path: file, predictions: baseline }: Baseline,
  { plans, maxDrop, limits, report }: FindRequest & ExplainEffects,
): Promise<SearchOutcome> {
  const model = formatOf(file) === 'onnx' ? await decodeModelFile(await readModelBytes(file), file) : null;
  const scorer = (): Promise<Scorer> => scorerOnData({ ...bench, mostSamples: limits.mostSamples });
  return search({ bench, baseline, model, plans, maxDrop, scorer, limits, report });
}

/** By the names of the variants; a time that is not known has its reason. */
async function timesOf(
  baseline: Baseline,
  { tried }: SearchOutcome,
  { data, target, timeoutMs, host, signal, report }: FindRequest & ExplainEffects & Pick<Bench, 'target'>,
): Promise<ReadonlyMap<string, CandidateTime>> {
  const artifactOf = (file: string): { format: 'onnx' | 'tfjs'; path: string } => ({
    format: formatOf(file),
    path: file,
  });
  const artifact = artifactOf(baseline.path);
  const found = await host.run({
    kind: 'inputs',
    ...{ target, artifact, dataset: data.dataset, batchSize: 1, shapes: {} },
  });
  if (found.status !== 'done') {
    const unknown = { p50Ms: null, latency: null, reason: failureOf(found).reason };
    return new Map(tried.map(({ candidate }) => [candidate.variant.name, unknown]));
  }
  report(`timing ${tried.length} candidates beside the baseline`);
  const candidates = tried.map(({ candidate: { path: file, variant } }) => ({
    name: variant.name,
    artifact: artifactOf(file),
  }));
  const { inputs } = found.result;
  return timeCandidates({ target, threads: 1, inputs, timeoutMs, baseline: artifact, candidates }, signal);
}
