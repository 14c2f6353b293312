import type { BatchInvariance } from '../../results/quality-schema.ts';
import type {
  GroupRecord,
  PredictionsFile,
  QualityOutcome,
  RunRecord,
  StoredRecord,
  Subject,
} from '../../results/schema.ts';
import type { Margin, Policy } from '../../results/policy.ts';
import { targetOf } from './choose-records.ts';
import {
  clip,
  formatBytes,
  formatCount,
  formatDuration,
  formatMoment,
  formatNumber,
  formatPercent,
  formatSignificant,
} from './format.ts';
import { shortRevision } from './key-figures.ts';
import { paths } from './paths.ts';
import type { SuiteReport } from './report.ts';

/** A name and its value; `isCode` for hashes and the like, `path` where it leads somewhere. */
export interface Fact {
  name: string;
  value: string;
  isCode: boolean;
  path: string | null;
}

function fact(name: string, value: string, path: string | null = null): Fact {
  return { name, value: clip(value, 200), isCode: false, path };
}

function codeFact(name: string, value: string): Fact {
  return { name, value: clip(value, 200), isCode: true, path: null };
}

/** What a suite asks, of what and by which limits. */
export function suiteFacts({ models }: SuiteReport): Fact[] {
  const groups = models.flatMap((model) => model.groups);
  const subject = groups[0]?.chosen.subject;
  if (subject === undefined) return [];
  const policy = groups.find(({ chosen }) => chosen.group !== null)?.chosen.group?.record.policy;
  return [
    fact('Task', subject.task),
    ...datasetFacts(subject),
    ...models.flatMap(({ id, title, sha256 }) => [
      fact('Model', `${title} (${id})`),
      codeFact(`${clip(id, 40)} SHA-256`, sha256),
    ]),
    ...(policy === undefined ? [] : [fact('Policy', policySentence(policy))]),
  ];
}

export function datasetFacts({ dataset }: Subject): Fact[] {
  return [
    fact('Dataset', `${dataset.title} (${dataset.id})`),
    fact('Samples', `${formatNumber(dataset.samples, 0)}, split “${dataset.split}”`),
    fact('Licence', dataset.licence),
    codeFact('Dataset SHA-256', dataset.sha256),
  ];
}

/** The limits of a policy in a sentence. */
export function policySentence({ maxDrop, maxSlowdown, minSpeedup, alpha }: Policy): string {
  const speedUp = minSpeedup === null ? '' : `, and must be ${minSpeedup} times as fast`;
  const level = `Intervals are at the ${formatPercent(1 - alpha, 3)} level.`;
  const slowdown = `a slowdown of ${formatPercent(maxSlowdown)} is to be caught`;
  return `A variant may lose ${marginText(maxDrop)}${speedUp}; ${slowdown}. ${level}`;
}

function marginText(margin: Margin): string {
  switch (margin.kind) {
    case 'absolute':
      return `${formatSignificant(margin.value)} of the first metric`;
    case 'relative':
      return `${formatPercent(margin.value)} of the baseline on any metric`;
    case 'mlperf':
      return `what MLPerf’s target of ${margin.keep.replace('%', ' %')} of the baseline lets it lose`;
    case 'errors':
      return `${formatCount(margin.value, 'sample')} that the baseline has right`;
  }
}

/** What a record is of, where and when it was made. */
export function recordFacts(record: StoredRecord, run: RunRecord): Fact[] {
  const { subject } = record;
  return [
    fact('Suite', subject.suite.title, paths.suite(subject.suite.id)),
    fact('Model', `${subject.model.title} (${subject.model.id})`),
    fact('Target', targetOf(subject)),
    fact('Run', run.id, paths.run(run.id)),
    fact('Measured', `${formatMoment(record.startedAt)}, in ${formatDuration(record.durationMs)}`),
    ...datasetFacts(subject),
    codeFact('Model SHA-256', subject.model.sha256),
    codeFact('Suite hash', subject.suite.hash),
    codeFact('Record id', record.id),
  ];
}

/** What else is known of a measured cell. */
export function outcomeFacts(outcome: QualityOutcome): Fact[] {
  if (outcome.status !== 'measured') return [];
  const { predictions, batchInvariance } = outcome;
  return [
    ...(batchInvariance === null ? [] : [fact('Alone and in a batch', invarianceSentence(batchInvariance))]),
    ...(predictions === null ? [] : predictionFacts(predictions)),
  ];
}

function invarianceSentence({ samples, batchSize, largestDifference }: BatchInvariance): string {
  const compared = `${formatCount(samples, 'sample')} one by one and ${formatNumber(batchSize, 0)} at a time`;
  if (largestDifference === null)
    return `${compared}: outputs of another form, or not numbers where they were`;
  if (largestDifference === 0) return `${compared}: the same outputs`;
  return `${compared}: outputs differ by up to ${formatSignificant(largestDifference, 2)} of max(1, |output|)`;
}

function predictionFacts({ file, sha256, sizeBytes }: PredictionsFile): Fact[] {
  return [
    fact('Predictions', `${file} in the folder of the run, ${formatBytes(sizeBytes)}`),
    codeFact('Predictions SHA-256', sha256),
  ];
}

export function timingFacts({ timing, policy, pairs }: GroupRecord): Fact[] {
  const epochs = `${formatCount(timing.epochs, 'epoch')} of ${formatDuration(timing.epochMs)} each`;
  return [
    fact('Looks', `after ${timing.looks.join(', ')} fresh processes, until all is decided; ${epochs}`),
    fact('Batch size', formatNumber(timing.batchSize, 0)),
    fact('Threads', formatNumber(timing.threads, 0)),
    fact('Seed', String(timing.seed)),
    fact(
      'Pairs stored',
      formatNumber(
        pairs.reduce((sum, { variantMs }) => sum + variantMs.length, 0),
        0,
      ),
    ),
    fact('Policy', policySentence(policy)),
  ];
}

export function environmentFacts({ environment }: Pick<StoredRecord, 'environment'>): Fact[] {
  const { cpu, memoryBytes, os, virtualization, node, v8, packages, fingerprint } = environment;
  const { graphics, settings } = environment;
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  const inForce = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return [
    fact('Processor', processorText(cpu)),
    fact('Instruction sets', cpu.flags.length === 0 ? 'not told by the platform' : cpu.flags.join(', ')),
    fact('Memory', `${formatNumber(memoryBytes / 1e9, 1)} GB`),
    fact(
      'System',
      [os, ...(virtualization === null ? [] : [`virtual machine: ${virtualization}`])].join(', '),
    ),
    fact('Node.js', `${node}, V8 ${v8}`),
    fact('Packages', versions.length === 0 ? 'none recorded' : versions.join(', ')),
    ...(graphics.length === 0 ? [] : [fact('Graphics', graphics.join(', '))]),
    ...(inForce.length === 0 ? [] : [fact('Settings in force', inForce.join(', '))]),
    codeFact('Fingerprint', fingerprint),
  ];
}

function processorText({ model, cores, quota, governor }: StoredRecord['environment']['cpu']): string {
  return [
    model,
    formatCount(cores, 'core'),
    ...(quota === null ? [] : [`a quota of ${formatNumber(quota, 1)} cores`]),
    ...(governor === null ? [] : [`governor ${governor}`]),
  ].join(', ');
}

export function runFacts(run: RunRecord, records: number): Fact[] {
  const { planned, finishedAt, gitRevision } = run;
  return [
    fact('Status', run.status),
    fact('Form', run.form === 'quick' ? 'quick: for a first look, not for publishing' : run.form),
    fact('Started', formatMoment(run.startedAt)),
    fact('Finished', finishedAt === null ? 'not yet, or never' : formatMoment(finishedAt)),
    fact(
      'Records',
      `${formatNumber(records, 0)} of ${formatNumber(planned.cells + planned.groups + planned.scenarios, 0)} planned`,
    ),
    fact('Assay', run.assayVersion),
    gitRevision === null
      ? fact('Git revision', 'none: outside a repository')
      : codeFact('Git revision', shortRevision(gitRevision)),
  ];
}
