/** Records as a run would store them, made from a seed: realistic enough to look at, and never a measurement. */
import type { Confusion } from '../../results/confusion-schema.ts';
import { adviceList, type Advice } from '../../core/advice.ts';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hashOf, sha256 } from '../../core/hash.ts';
import { createRandom, type Random } from '../../core/random.ts';
import { judge } from '../../core/statistics/judge.ts';
import type { Interval } from '../../core/verdict.ts';
import type { LatencyProfile, Percentile, ProcessPairs } from '../../results/latency-schema.ts';
import { type MetricValue, type QualityComparison } from '../../results/quality-schema.ts';
import {
  schemaVersion,
  type CellRecord,
  type GroupRecord,
  type QualityOutcome,
  type RunRecord,
  type StoredRecord,
  type Subject,
  type TimedOutcome,
  type Variant,
} from '../../results/schema.ts';
import { latencyComparison } from './latency-comparison.ts';
import { type Warning } from '../../results/warning-schema.ts';
import { parseTarget } from '../../suites/target.ts';
import { makeLayerCosts } from './layer-costs.ts';

const fakeEnvironment: RunRecord['environment'] = {
  fingerprint: sha256('a fake machine'),
  cpu: {
    model: 'Example CPU @ 2.60GHz',
    cores: 2,
    flags: ['avx2', 'avx512f', 'avx512_vnni'],
    quota: null,
    governor: 'performance',
  },
  memoryBytes: 24_696_061_952,
  os: 'Linux 6.8 x64',
  virtualization: 'kvm',
  node: '24.21.0',
  v8: '13.6.233.10',
  packages: { 'onnxruntime-node': '1.30.0', '@tensorflow/tfjs-core': '4.22.0' },
  graphics: [],
  settings: { UV_THREADPOOL_SIZE: '4' },
};

export function makeRun(overrides: Partial<RunRecord> = {}): RunRecord {
  return {
    schemaVersion,
    kind: 'run',
    id: '2026-11-20t090000z-a1b2c3',
    status: 'complete',
    form: 'default',
    limits: { cellTimeoutMs: null, cellMemoryBytes: null, timeoutMs: null },
    startedAt: '2026-11-20T09:00:00.000Z',
    finishedAt: '2026-11-20T09:21:40.000Z',
    assayVersion: '0.1.0',
    assayRevision: null,
    gitRevision: '4f1c2d9a7be03d5168aa92c7f0b1e2d3c4a59687',
    environment: fakeEnvironment,
    suites: [],
    planned: { cells: 0, groups: 0, scenarios: 0 },
    ...overrides,
  };
}

export function makeSubject(overrides: Partial<Subject> = {}): Subject {
  return {
    suite: { id: 'handwritten-digits', title: 'Handwritten digits', hash: sha256('suite') },
    task: 'classification',
    dataset: {
      id: 'digits',
      title: 'Optical recognition of handwritten digits',
      sha256: sha256('digits'),
      licence: 'CC-BY-4.0',
      split: 'test',
      samples: 450,
    },
    model: { id: 'digits-cnn', title: 'Digits CNN', sha256: sha256('digits-cnn') },
    target: parseTarget('onnxruntime/cpu'),
    ...overrides,
  };
}

export function makeVariant(overrides: Partial<Variant> = {}): Variant {
  const variant = { name: 'fp32', isBaseline: true, sizeBytes: 152_340, gzipBytes: 139_020, passes: [] };
  return { ...variant, sha256: sha256(overrides.name ?? 'fp32'), ...overrides };
}

export function makeMetric(overrides: Partial<MetricValue> = {}): MetricValue {
  return {
    id: 'accuracy',
    label: 'Accuracy',
    unit: '',
    direction: 'higher-is-better',
    value: 0.9822,
    reason: null,
    interval: { low: 0.9653, high: 0.991, level: 0.95, method: 'wilson' },
    oracle: 'scikit-learn 1.9',
    signature: null,
    ...overrides,
  };
}

/** A record's fields in common, with an id of its own. */
function makeBase(
  subject: Subject,
  identity: string,
): Omit<Pick<CellRecord, keyof CellRecord & keyof GroupRecord>, 'kind'> {
  return {
    schemaVersion,
    id: hashOf({ subject, identity }),
    measurementId: null,
    runId: makeRun().id,
    reusedFrom: null,
    subject,
    environment: fakeEnvironment,
    startedAt: '2026-11-20T09:04:00.000Z',
    durationMs: 8_423.5,
    warnings: [],
  };
}

export function makeCell(overrides: Partial<CellRecord> = {}): CellRecord {
  const subject = overrides.subject ?? makeSubject();
  const variant = overrides.variant ?? makeVariant();
  return {
    ...makeBase(subject, `cell ${variant.name}`),
    kind: 'cell',
    variant,
    outcome: measuredQuality([makeMetric()]),
    ...overrides,
  };
}

/** The outcome of a cell with these metrics and nothing else. */
export function measuredQuality(metrics: MetricValue[]): Extract<QualityOutcome, { status: 'measured' }> {
  const nothingElse = { predictions: null, batchInvariance: null, confusion: null, labelConfusion: null };
  return { status: 'measured', metrics, ...nothingElse };
}

export function makeGroup(overrides: Partial<GroupRecord> = {}): GroupRecord {
  const subject = overrides.subject ?? makeSubject();
  return {
    ...makeBase(subject, 'group'),
    kind: 'group',
    timing: { batchSize: 1, threads: 1, looks: [10], epochs: 10, epochMs: 200, seed: 1 },
    policy: {
      maxDrop: { kind: 'absolute', value: 0.02 },
      maxSlowdown: 0.05,
      minSpeedup: null,
      alpha: 0.05,
      falseAlarms: 0.01,
    },
    primaryMetric: 'accuracy',
    variants: [makeTimedVariant({ variant: makeVariant() })],
    control: null,
    pairs: [],
    ...overrides,
  };
}

type TimedVariant = GroupRecord['variants'][number];

export function makeTimedVariant(overrides: Partial<TimedVariant> & { variant: Variant }): TimedVariant {
  const timed = makeTimed(makeProfile(0.412));
  const distance = { distance: null, distanceReason: null };
  const unjudged = { quality: [], flips: null, ...distance, slices: [], latency: null };
  return {
    predictionsSha256: null,
    advice: [],
    layers: null,
    consistency: null,
    timed,
    ...unjudged,
    ...overrides,
  };
}

export function makeProfile(p50Ms: number): LatencyProfile {
  return {
    batchSize: 1,
    calls: 4_096,
    meanMs: p50Ms * 1.04,
    p50Ms,
    p50Interval: { low: p50Ms * 0.992, high: p50Ms * 1.009, level: 0.95, method: 'order statistics' },
    percentiles: [
      percentile(0.9, p50Ms * 1.12),
      percentile(0.99, p50Ms * 1.61),
      { probability: 0.999, ms: null, interval: null, reason: 'too few calls' },
    ],
  };
}

function percentile(probability: number, ms: number): Percentile {
  const interval = { low: ms * 0.98, high: ms * 1.03, level: 0.95, method: 'order statistics' };
  return { probability, ms, interval, reason: null };
}

export function makeTimed(profile: LatencyProfile, metrics: MetricValue[] = []): TimedOutcome {
  const memory = {
    idleBytes: 61_000_000,
    peakBytes: 93_000_000,
    steadyBytes: 88_500_000,
    growthBytesPerCall: 12,
  };
  return {
    status: 'measured',
    profile,
    footprint: {
      processes: 3,
      loadMs: 18.2,
      firstCallMs: profile.p50Ms * 6.3,
      memory,
      outputs: { calls: 812, isRepeatable: true },
      floorMs: 0.0093,
    },
    conditions: {
      steadyProcesses: 10,
      processes: 10,
      warmUpMs: 62.5,
      cpuPerWall: 0.997,
      epochs: 10,
      units: 240,
      collections: 3,
    },
    metrics,
  };
}

export function makeQuality(overrides: Partial<QualityComparison> = {}): QualityComparison {
  const metric = { metric: 'accuracy', label: 'Accuracy', unit: '', direction: 'higher-is-better' } as const;
  const figures = { baseline: 0.9822, variant: 0.98, difference: -0.0022, margin: 0.02 };
  const interval = { low: -0.0111, high: 0.0067, level: 0.95, method: 'tango' };
  const verdict = {
    verdict: 'pass',
    reason: 'All of it is within the margin of 0.02.',
    neededSamples: null,
    equality: { name: 'mcnemar', p: 0.6875, midP: 0.453125 },
  } as const;
  return { ...metric, ...figures, interval, ...verdict, ...overrides };
}

/** Writes values as a run, whether valid or not; the folder and file names are of the writer's choosing. */
export async function writeRun(
  resultsDir: string,
  run: Partial<RunRecord> & { id: string },
  records: readonly unknown[],
): Promise<string> {
  const folder = path.join(resultsDir, 'runs', run.id);
  await mkdir(path.join(folder, 'records'), { recursive: true });
  await writeFile(path.join(folder, 'run.json'), JSON.stringify(run));
  const writes = records.map((record, index) => writeRecord(folder, record, index));
  await Promise.all(writes);
  return folder;
}

async function writeRecord(folder: string, record: unknown, index: number): Promise<void> {
  const { id = String(index) } = record as { id?: string };
  await writeFile(path.join(folder, 'records', `${id}.json`), JSON.stringify(record));
}

/** What the fakes say of a variant on a target. */
interface Behaviour {
  /** Time over the baseline's time. */
  ratio: number;
  /** Loss of the primary metric as a share of the baseline, positive is worse. */
  loss: number;
  /** Spread of a process's log-ratio. */
  noise?: number;
  /** A reason makes it a skipped or failed one. */
  gap?: Exclude<QualityOutcome, { status: 'measured' }>;
}

interface FakeSuite {
  subject: Subject;
  description: string;
  metrics: readonly MetricValue[];
  margin: number;
  sizeBytes: number;
  /** Baseline latency by target. */
  p50Ms: Readonly<Record<string, number>>;
  variants: Readonly<Record<string, { size: number; behaviours: Readonly<Record<string, Behaviour>> }>>;
  warnings?: Readonly<Record<string, readonly Warning[]>>;
  tokensPerCall?: number;
}

const noAdapter: Exclude<QualityOutcome, { status: 'measured' }> = {
  status: 'skipped',
  code: 'unavailable',
  reason: 'no WebGPU adapter was found on this machine',
};
const notApplicable: Exclude<QualityOutcome, { status: 'measured' }> = {
  status: 'skipped',
  code: 'not-applicable',
  reason: 'tfjs/wasm has no kernels for int8 weights',
};
const crashed: Exclude<QualityOutcome, { status: 'measured' }> = {
  status: 'failed',
  code: 'crashed',
  reason: 'the process ended with SIGSEGV while loading the model',
  stderrTail: 'loading prune-channels-50+int8-dynamic\nSegmentation fault (core dumped)',
};
const quickForm: Warning = {
  code: 'quick-form',
  detail: 'measured with --quick: 4 processes instead of 10',
  advice: 'run without --quick before you publish',
};
const controlFailed: Warning = {
  code: 'control-failed',
  detail: 'the baseline timed against itself came out 4.1 % slower',
  advice: 'close what else runs on this machine, then measure again',
};

function subjectOf(id: string, title: string, subject: Partial<Subject>): Subject {
  return makeSubject({ suite: { id, title, hash: sha256(`suite ${id}`) }, ...subject });
}

function datasetOf(id: string, title: string, samples: number): Subject['dataset'] {
  return { id, title, sha256: sha256(id), licence: 'CC-BY-4.0', split: 'test', samples };
}

function modelOf(id: string, title: string): Subject['model'] {
  return { id, title, sha256: sha256(id) };
}

function everywhere(gap: Behaviour['gap']): Behaviour {
  return { ratio: 1, loss: 0, ...(gap === undefined ? {} : { gap }) };
}

/** Of a model that takes a seven for a one. */
const confusion: Confusion = {
  labels: ['one', 'four', 'seven'],
  counts: [
    [36, 0, 0],
    [1, 35, 0],
    [9, 0, 27],
  ],
};

const classificationMetrics: readonly MetricValue[] = [
  makeMetric(),
  makeMetric({ id: 'f1', label: 'F1, macro', value: 0.9817 }),
  makeMetric({ id: 'roc-auc', label: 'ROC AUC, macro one-vs-rest', value: 0.9994 }),
  makeMetric({ id: 'log-loss', label: 'Log loss', unit: 'nat', direction: 'lower-is-better', value: 0.0713 }),
];

const fakeSuites: readonly FakeSuite[] = [
  {
    subject: makeSubject(),
    description: 'Which digit an 8x8 image shows; a small convolutional network.',
    metrics: classificationMetrics,
    margin: 0.02,
    sizeBytes: 152_340,
    p50Ms: { 'onnxruntime/cpu': 0.1131, 'tfjs/wasm': 0.742 },
    variants: {
      'int8-dynamic': {
        size: 0.29,
        behaviours: {
          'onnxruntime/cpu': { ratio: 0.757, loss: 0.003 },
          'tfjs/wasm': everywhere(notApplicable),
        },
      },
      'prune-magnitude-50': {
        size: 1,
        behaviours: {
          'onnxruntime/cpu': { ratio: 1.002, loss: 0.0045 },
          'tfjs/wasm': { ratio: 0.999, loss: 0.0045 },
        },
      },
      'prune-channels-50+int8-dynamic': {
        size: 0.13,
        behaviours: { 'onnxruntime/cpu': { ratio: 0.49, loss: 0.051 }, 'tfjs/wasm': everywhere(crashed) },
      },
    },
  },
  {
    subject: subjectOf('tumour-diagnosis', 'Tumour diagnosis', {
      dataset: datasetOf('tumours', 'Breast Cancer Wisconsin (Diagnostic)', 143),
      model: modelOf('tumours-mlp', 'Tumours MLP'),
    }),
    description: 'Malignant or benign from 30 measurements of cell nuclei; an MLP.',
    metrics: classificationMetrics,
    margin: 0.02,
    sizeBytes: 24_120,
    p50Ms: { 'onnxruntime/cpu': 0.0214, 'tfjs/wasm': 0.183 },
    warnings: { 'tfjs/wasm': [controlFailed] },
    variants: {
      'int8-dynamic': {
        size: 0.38,
        behaviours: {
          'onnxruntime/cpu': { ratio: 1.07, loss: 0.002, noise: 0.01 },
          'tfjs/wasm': everywhere(notApplicable),
        },
      },
      'prune-magnitude-50': {
        size: 1,
        behaviours: {
          'onnxruntime/cpu': { ratio: 1.001, loss: 0.014 },
          'tfjs/wasm': { ratio: 1.03, loss: 0.014, noise: 0.09 },
        },
      },
    },
  },
  {
    subject: subjectOf('fuel-economy', 'Fuel economy', {
      task: 'regression',
      dataset: datasetOf('cars', 'Auto MPG', 98),
      model: modelOf('cars-mlp', 'Cars MLP'),
    }),
    description: 'Miles per gallon of a car from its engine, weight, year and origin; an MLP.',
    metrics: [
      makeMetric({ id: 'rmse', label: 'RMSE', unit: 'mpg', direction: 'lower-is-better', value: 2.713 }),
      makeMetric({
        id: 'mae',
        label: 'Mean absolute error',
        unit: 'mpg',
        direction: 'lower-is-better',
        value: 1.981,
      }),
      makeMetric({ id: 'r2', label: 'R²', value: 0.8812 }),
    ],
    margin: 0.27,
    sizeBytes: 19_870,
    p50Ms: { 'onnxruntime/cpu': 0.0189, 'tfjs/wasm': 0.161 },
    variants: {
      'int8-dynamic': {
        size: 0.4,
        behaviours: {
          'onnxruntime/cpu': { ratio: 1.013, loss: 0.006, noise: 0.006 },
          'tfjs/wasm': everywhere(notApplicable),
        },
      },
      'prune-magnitude-50': {
        size: 1,
        behaviours: {
          'onnxruntime/cpu': { ratio: 0.998, loss: 0.03 },
          'tfjs/wasm': { ratio: 1.001, loss: 0.03 },
        },
      },
    },
  },
  {
    subject: subjectOf('grammar', 'Sentences of a known grammar', {
      task: 'generation',
      dataset: datasetOf('grammar', 'Sentences of a known grammar', 2_000),
      model: modelOf('grammar-transformer', 'Grammar Transformer'),
    }),
    description:
      'A decoder-only Transformer on sentences whose entropy is known, so that its perplexity has a floor.',
    metrics: [
      makeMetric({ id: 'perplexity', label: 'Perplexity', direction: 'lower-is-better', value: 5.212 }),
      makeMetric({ id: 'exact-match', label: 'Exact match', value: 0.413 }),
    ],
    margin: 0.0521,
    sizeBytes: 1_830_400,
    p50Ms: { 'onnxruntime/cpu': 11.84, 'tfjs/wasm': 63.2 },
    tokensPerCall: 32,
    variants: {
      'int8-dynamic': {
        size: 0.27,
        behaviours: {
          'onnxruntime/cpu': { ratio: 0.58, loss: 0.0015 },
          'tfjs/wasm': everywhere(notApplicable),
        },
      },
      'prune-magnitude-50': {
        size: 1,
        behaviours: {
          'onnxruntime/cpu': { ratio: 1, loss: 0.06 },
          'tfjs/wasm': { ratio: 1.002, loss: 0.06 },
        },
      },
    },
  },
];

/**
 * One complete run on three targets, with every kind of outcome in it; of the four suites, those named. Returns its
 * records.
 */
export async function writeSampleRun(
  resultsDir: string,
  overrides: Partial<RunRecord> = {},
  suiteIds: readonly string[] = fakeSuites.map(({ subject }) => subject.suite.id),
): Promise<StoredRecord[]> {
  const random = createRandom(7);
  const run = makeRun(overrides);
  const suites = fakeSuites.filter(({ subject }) => suiteIds.includes(subject.suite.id));
  const records = suites
    .flatMap((suite) => recordsOf(suite, random))
    .map((record) => ({ ...record, runId: run.id, startedAt: run.startedAt }))
    .map((record) =>
      run.form === 'quick' ? { ...record, warnings: [...record.warnings, quickForm] } : record,
    );
  const groups = records.filter(({ kind }) => kind === 'group').length;
  const planned = { cells: records.length - groups, groups, scenarios: 0 };
  await writeRun(resultsDir, { ...run, suites: suites.map(ranSuite), planned }, records);
  return records;
}

function ranSuite({ subject, description }: FakeSuite): RunRecord['suites'][number] {
  const { id, title, hash } = subject.suite;
  const given = { id, title, dataset: subject.dataset.id, models: [subject.model.id] };
  return {
    id,
    title,
    description,
    hash,
    given,
    resolved: { ...given, timing: { batchSize: 1, threads: 1, seed: 1 } },
  };
}

function recordsOf(suite: FakeSuite, random: Random): StoredRecord[] {
  const targets = ['onnxruntime/cpu', 'tfjs/wasm', 'onnxruntime/webgpu'];
  return targets.flatMap((target) => {
    const subject = { ...suite.subject, target: parseTarget(target) };
    const variants = variantsOf(suite);
    const behaviours = variants.map((variant) => behaviourOf(suite, variant, target));
    const cells = variants.map((variant, index) =>
      cellOf(subject, variant, { suite, behaviour: behaviours[index] }),
    );
    return [...cells, groupOf({ suite, subject, target, variants, behaviours, random })];
  });
}

function variantsOf(suite: FakeSuite): Variant[] {
  const baseline = makeVariant({ sizeBytes: suite.sizeBytes, gzipBytes: Math.round(suite.sizeBytes * 0.91) });
  const others = Object.entries(suite.variants).map(([name, { size }]) =>
    makeVariant({
      name,
      isBaseline: false,
      sizeBytes: Math.round(suite.sizeBytes * size),
      gzipBytes: Math.round(suite.sizeBytes * size * (name.startsWith('prune') ? 0.55 : 0.93)),
      passes: name
        .split('+')
        .map((pass) => ({ pass, parameters: { share: 0.5 }, summary: '3 of 3 weights rewritten' })),
    }),
  );
  return [baseline, ...others];
}

function behaviourOf(suite: FakeSuite, variant: Variant, target: string): Behaviour {
  if (suite.p50Ms[target] === undefined) return everywhere(noAdapter);
  if (variant.isBaseline) return { ratio: 1, loss: 0 };
  return suite.variants[variant.name]?.behaviours[target] ?? everywhere(noAdapter);
}

interface FakeCell {
  suite: FakeSuite;
  behaviour: Behaviour | undefined;
}

function cellOf(subject: Subject, variant: Variant, { suite, behaviour }: FakeCell): CellRecord {
  if (behaviour?.gap !== undefined) return makeCell({ subject, variant, outcome: behaviour.gap });
  const metrics = suite.metrics.map((metric) => worsened(metric, behaviour?.loss ?? 0));
  const absent = makeMetric({ id: 'calibration', label: 'Calibration error', value: null, interval: null });
  const reason = 'the model puts out no probabilities';
  const batchInvariance = { samples: 64, batchSize: 32, largestDifference: 2.4e-7 };
  return makeCell({
    subject,
    variant,
    outcome: { ...measuredQuality([...metrics, { ...absent, reason }]), batchInvariance, confusion },
  });
}

function worsened(metric: MetricValue, loss: number): MetricValue {
  const sign = metric.direction === 'higher-is-better' ? -1 : 1;
  const value = (metric.value ?? 0) * (1 + sign * loss);
  const spread = metric.direction === 'higher-is-better' ? Math.min(0.012, (1 - value) / 2) : value * 0.06;
  return { ...metric, value, interval: around(value, spread, 'bootstrap-percentile (B=2000, seed=1)') };
}

function around(value: number, spread: number, method: string): Interval {
  return { low: value - spread * 1.2, high: value + spread, level: 0.95, method };
}

/** What the baseline is called where it is timed against itself. */
const controlName = 'control (baseline again)';

interface FakeGroup {
  suite: FakeSuite;
  subject: Subject;
  target: string;
  variants: readonly Variant[];
  behaviours: readonly Behaviour[];
  random: Random;
}

function groupOf(fake: FakeGroup): GroupRecord {
  const { suite, subject, target, variants, behaviours, random } = fake;
  const measured = variants.filter((_, index) => behaviours[index]?.gap === undefined);
  const pairs = measured.flatMap((variant) => pairsOf(fake, variant, random));
  const isControlTimed = measured.length > 1;
  return makeGroup({
    subject,
    warnings: [...(suite.warnings?.[target] ?? [])],
    variants: variants.map((variant) => timedOf(fake, variant, pairs)),
    control: isControlTimed ? latencyOf(pairs, controlName) : null,
    pairs,
  });
}

function pairsOf(
  { suite, target, variants, behaviours }: FakeGroup,
  variant: Variant,
  random: Random,
): ProcessPairs[] {
  const { ratio = 1, noise = 0.008 } = behaviours[variants.indexOf(variant)] ?? {};
  const hasBias = suite.warnings?.[target]?.includes(controlFailed) === true;
  const p50Ms = suite.p50Ms[target] ?? 1;
  return Array.from({ length: 10 }, (_, process) => {
    const shift = ratio * Math.exp(noise * random.normal()) * (hasBias ? 1.041 : 1);
    const times = Array.from({ length: 24 }, () => p50Ms * Math.exp(Math.abs(0.03 * random.normal())));
    return {
      variant: variant.isBaseline ? controlName : variant.name,
      process,
      baselineMs: times,
      variantMs: times.map((ms) => ms * shift * Math.exp(0.01 * random.normal())),
    };
  });
}

function latencyOf(pairs: readonly ProcessPairs[], variant: string): GroupRecord['control'] {
  const processes = pairs
    .filter((pair) => pair.variant === variant)
    .map(({ baselineMs, variantMs }) => ({ baseline: baselineMs, variant: variantMs }));
  return latencyComparison(processes);
}

function timedOf(fake: FakeGroup, variant: Variant, pairs: readonly ProcessPairs[]): TimedVariant {
  const { suite, target, variants, behaviours } = fake;
  const behaviour = behaviours[variants.indexOf(variant)];
  if (behaviour === undefined || behaviour.gap !== undefined) {
    return makeTimedVariant({ variant, timed: behaviour?.gap ?? noAdapter });
  }
  const profile = makeProfile((suite.p50Ms[target] ?? 1) * behaviour.ratio);
  const metrics = suite.tokensPerCall === undefined ? [] : [tokensPerSecond(suite.tokensPerCall, profile)];
  const timed = makeTimed(profile, metrics);
  if (variant.isBaseline) return makeTimedVariant({ variant, timed });
  const quality = [qualityOf(suite, behaviour.loss)];
  const latency = latencyOf(pairs, variant.name);
  const others = fake.subject.task === 'classification' ? predictionChanges(fake, quality[0] ?? null) : {};
  const layers = variant.name === 'int8-dynamic' ? makeLayerCosts() : null;
  return makeTimedVariant({ variant, advice: adviceOn(variant), layers, timed, quality, latency, ...others });
}

function adviceOn({ name }: Variant): Advice[] {
  const { action } = adviceList['zeros-on-dense-kernels'];
  const zeros = { code: 'zeros-on-dense-kernels', detail: '50 % of the weights are zero', action } as const;
  return name.startsWith('prune-magnitude') ? [zeros] : [];
}

function predictionChanges(
  { subject }: FakeGroup,
  comparison: QualityComparison | null,
): Pick<TimedVariant, 'flips' | 'distance' | 'slices'> {
  const flips = { rightToWrong: 4, wrongToRight: 2, agreement: 0.9867, samples: subject.dataset.samples };
  const probabilities = { mean: 0.0031, rootMeanSquare: 0.0112, max: 0.284 };
  return {
    flips: { ...flips, rightToWrongIds: ['12', '77', '203', '411'], wrongToRightIds: ['9', '318'] },
    distance: { kind: 'classification', probabilities, klDivergence: 0.00042 },
    slices: [
      { slice: 'class 8', samples: 43, comparison },
      { slice: 'class 1', samples: 2, comparison: null },
    ],
  };
}

function tokensPerSecond(tokens: number, { p50Ms }: LatencyProfile): MetricValue {
  const value = (tokens / p50Ms) * 1_000;
  const metric = {
    id: 'tokens-per-second',
    label: 'Tokens per second',
    unit: 'token/s',
    oracle: 'tokens over p50',
  };
  return makeMetric({ ...metric, value, interval: around(value, value * 0.01, 'from the interval of p50') });
}

function qualityOf(suite: FakeSuite, loss: number): QualityComparison {
  const [primary = makeMetric()] = suite.metrics;
  const sign = primary.direction === 'higher-is-better' ? -1 : 1;
  const baseline = primary.value ?? 0;
  const variant = worsened(primary, loss).value ?? 0;
  const difference = variant - baseline;
  const interval = around(difference, suite.margin * 0.45, 'paired bootstrap (B=2000, seed=1)');
  const lost = sign === 1 ? interval : { ...interval, low: -interval.high, high: -interval.low };
  const format = (value: number): string => value.toFixed(4);
  const judged = judge({
    estimate: sign * difference,
    interval: lost,
    margin: suite.margin,
    level: 0.95,
    format,
  });
  return makeQuality({
    metric: primary.id,
    label: primary.label,
    unit: primary.unit,
    direction: primary.direction,
    baseline,
    variant,
    difference,
    interval,
    margin: suite.margin,
    ...judged,
    neededSamples: judged.verdict === 'inconclusive' ? 1_250 : null,
  });
}
