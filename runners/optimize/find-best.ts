import path from 'node:path';
import { copyModel } from '../../models/copy-model.ts';
import { formatOf } from '../../models/format.ts';
import type { Model } from '../../models/manifest.ts';
import { decodeModelFile, readModelBytes } from '../../models/onnx/read.ts';
import type { VariantPlan } from '../../models/variant.ts';
import type { Margin } from '../../results/policy.ts';
import { parseTarget } from '../../suites/target.ts';
import type { ModelData } from '../explain/model-data.ts';
import type { ExplainEffects } from '../explain/subject.ts';
import { timeCandidates, type CandidateTime } from '../explain/time-candidates.ts';
import { failureOf } from '../pool/supervise.ts';
import type { Artifact } from '../runner.ts';
import { taskOf } from '../task-of.ts';
import { withBriefFolder } from './brief-folder.ts';
import { choose, paretoNames, type Aim, type Candidate, type Served } from './choose.ts';
import { chooseSource } from './make-variants.ts';
import { predictBaseline, type Bench, type Predicted } from './predict-variant.ts';
import type { RankLimits } from './rank-layers.ts';
import { scorerOnData, type Scorer } from './score-variant.ts';
import { search, type SearchOutcome } from './search.ts';

export interface FindRequest {
  model: Model;
  data: ModelData;
  plans: readonly VariantPlan[];
  maxDrop: Margin;
  aim: Aim;
  limits: RankLimits;
  timeoutMs: number;
  /** Folder of the files. */
  out: string;
  /** Files of which candidates: the best one that holds, or each of the Pareto set. */
  save: 'best' | 'pareto';
  cacheDir: string;
}

/** Every candidate, which of them no other one beats, and which one is the best that holds. */
export interface Found extends Pick<SearchOutcome, 'unjudged' | 'areSamplesTooFew'> {
  baseline: Served;
  candidates: readonly Candidate[];
  /** Names, the baseline's among them, by estimates. */
  pareto: readonly string[];
  chosen: Candidate | null;
  /** By the names of the candidates that were written. */
  files: ReadonlyMap<string, string>;
}

/** Searches for the fastest or smallest variant whose loss is proven to be within the margin, and writes it. */
export function findBest(request: FindRequest, effects: ExplainEffects): Promise<Found> {
  const { model, plans } = request;
  const source = chooseSource(model, plans);
  const data = { ...request.data, task: taskOf(request.data.task, model, source.format) };
  const target = parseTarget(source.format === 'onnx' ? 'onnxruntime/cpu' : 'tfjs/wasm');
  return withBriefFolder(request.cacheDir, (folder) =>
    findOn({ ...source, data, target, folder, host: effects.host }, request, effects),
  );
}

async function findOn(bench: Bench, request: FindRequest, effects: ExplainEffects): Promise<Found> {
  const { aim } = request;
  effects.report('predicting with the baseline');
  const baseline = await predictBaseline(bench);
  const { tried, ...outcome } = await searchOn(bench, baseline, { ...request, ...effects });
  const timing = { ...request, ...effects, target: bench.target };
  const all = [baseline, ...tried.map(({ candidate }) => candidate)];
  const times = aim === 'latency' ? await timesOf(all, timing) : null;
  const served = all.map(({ variant }): Served => ({ variant, time: times?.get(variant.name) ?? null }));
  const [asIs = { variant: baseline.variant, time: null }, ...rest] = served;
  const candidates = tried.flatMap(({ candidate, comparison }, index): Candidate[] => {
    const one = rest[index];
    return one === undefined ? [] : [{ ...one, tried: candidate, comparison }];
  });
  const pareto = paretoNames(candidates, asIs, aim);
  const chosen = choose(candidates, aim);
  const isSaved = (candidate: Candidate): boolean =>
    candidate === chosen || (request.save === 'pareto' && pareto.includes(candidate.variant.name));
  const files = await write(candidates.filter(isSaved), request, effects);
  return { baseline: asIs, candidates, pareto, chosen, files, ...outcome };
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

type Baseline = Extract<Predicted, { status: 'predicted' }>;
type Timed = Pick<Baseline, 'path' | 'variant'>;

/** By the names of the variants, the baseline first; a time that is not known has its reason. */
async function timesOf(
  [baseline, ...others]: readonly Timed[],
  { data, target, timeoutMs, host, signal, report }: FindRequest & ExplainEffects & Pick<Bench, 'target'>,
): Promise<ReadonlyMap<string, CandidateTime>> {
  if (baseline === undefined) return new Map();
  const artifact = artifactOf(baseline);
  const asked = { dataset: data.dataset, batchSize: 1, shapes: {} };
  const found = await host.run({ kind: 'inputs', target, artifact, ...asked });
  if (found.status !== 'done') {
    const unknown = { p50Ms: null, latency: null, reason: failureOf(found).reason };
    return new Map([baseline, ...others].map(({ variant }) => [variant.name, unknown]));
  }
  report(`timing ${others.length} ${others.length === 1 ? 'candidate' : 'candidates'} beside the baseline`);
  const candidates = others.map((one) => ({ name: one.variant.name, artifact: artifactOf(one) }));
  const { inputs } = found.result;
  return timeCandidates({ target, threads: 1, inputs, timeoutMs, baseline: artifact, candidates }, signal);
}

function artifactOf({ path: file }: Timed): Artifact {
  return { format: formatOf(file), path: file };
}

async function write(
  candidates: readonly Candidate[],
  { model, out }: FindRequest,
  { report }: ExplainEffects,
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { variant, tried } of candidates) {
    report(`writing ${variant.name}`);
    files.set(variant.name, await copyModel(tried.path, path.join(out, `${model.id}.${variant.name}`)));
  }
  return files;
}
