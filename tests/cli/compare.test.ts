import { expect, test } from 'vitest';
import { compareVariants } from '../../cli/commands/compare-variants.ts';
import type { Consistency } from '../../results/consistency-schema.ts';
import type { GroupRecord } from '../../results/schema.ts';
import { createRunStore } from '../../results/store.ts';
import { parseTarget } from '../../suites/target.ts';
import {
  makeCell,
  makeGroup,
  makeMetric,
  makeRun,
  makeSubject,
  makeTimedVariant,
  makeVariant,
  measuredQuality,
} from '../fakes/stored-runs.ts';
import { changedGroup } from '../fakes/changed-group.ts';
import { sameOutputs } from '../fakes/consistency.ts';
import { hashOf } from '../../core/hash.ts';
import { createProject, runCli, type CliOutcome } from './project.ts';

const onReference: Consistency = { ...sameOutputs, toItself: null, isConsistent: null };

function groupOn(target: string, consistency: Consistency | null): GroupRecord {
  const subject = makeSubject({ target: parseTarget(target) });
  const variants = [makeTimedVariant({ variant: makeVariant(), consistency })];
  return makeGroup({ id: hashOf(target), subject, variants });
}

interface Envelope {
  errors: { code: string; message: string }[];
}

/** `assay compare` of a stored run whose model ran on the reference target, and on another one where it came out as told. */
async function compareStored(other: GroupRecord | null, ...flags: string[]): Promise<CliOutcome> {
  const { folder } = await createProject();
  const store = await createRunStore(`${folder}/assay-results`, makeRun());
  await store.saveRecord(groupOn('onnxruntime/cpu', onReference));
  if (other !== null) await store.saveRecord(other);
  return runCli(folder, 'compare', ...flags);
}

test('a variant that computes the same everywhere ends with 0', async () => {
  const { exitCode, stdout } = await compareStored(groupOn('tfjs/wasm', sameOutputs), '--targets');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/fp32 +0\.0001 +reference +1\.2e-7 same\n/);
});

test('one that computes something else on a target ends with 1, and the table says so', async () => {
  const toItself = { relativeError: 0.3, nonFinite: 0, flips: null, metricDifference: -0.02 };
  const astray = groupOn('tfjs/wasm', { ...sameOutputs, toItself, isConsistent: false });
  const { exitCode, stdout } = await compareStored(astray, '--targets');
  expect(exitCode).toBe(1);
  expect(stdout).toContain('3.0e-1 DIFFERS (metric −0.020)');
  const { errors } = JSON.parse((await compareStored(astray, '--targets', '--json')).stdout) as Envelope;
  expect(errors).toMatchObject([
    { code: 'inconsistent-target', message: expect.stringContaining('fp32 on tfjs/wasm') as string },
  ]);
});

test('one that failed on a target ends with 4, and says why', async () => {
  const { folder } = await createProject();
  const store = await createRunStore(`${folder}/assay-results`, makeRun());
  await store.saveRecord(groupOn('onnxruntime/cpu', onReference));
  const failed = groupOn('tfjs/wasm', null);
  await store.saveRecord(failed);
  const reason = 'the process ended by SIGSEGV';
  const outcome = { status: 'failed', code: 'crashed', reason, stderrTail: null } as const;
  await store.saveRecord(
    makeCell({ id: hashOf('cell'), subject: failed.subject, variant: makeVariant(), outcome }),
  );
  const { exitCode, stdout } = await runCli(folder, 'compare', '--targets');
  expect(exitCode).toBe(4);
  expect(stdout).toContain(`fp32 on tfjs/wasm: ${reason}`);
  const { errors } = JSON.parse((await runCli(folder, 'compare', '--targets', '--json')).stdout) as Envelope;
  expect(errors).toMatchObject([{ code: 'failed', message: expect.stringContaining(reason) as string }]);
});

test('one target alone is nothing to compare, and so is a model without variants', async () => {
  const alone = await compareStored(null, '--targets');
  expect(alone).toMatchObject({ exitCode: 4, stdout: '' });
  expect(alone.stderr).toContain('name several targets in a suite');
  const unchanged = await compareStored(null);
  expect(unchanged).toMatchObject({ exitCode: 4, stdout: '' });
  expect(unchanged.stderr).toContain('holds no variant beside its baseline');
});

test('a variant is compared with its baseline: metrics, flips with their samples, distance and all slices', async () => {
  const { folder } = await createProject();
  const store = await createRunStore(`${folder}/assay-results`, makeRun());
  await store.saveRecord(changedGroup);
  const { exitCode, stdout } = await runCli(folder, 'compare');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/METRIC +BASELINE +VARIANT +CHANGE +MARGIN\n/);
  expect(stdout).toContain('Now wrong: 25 of 450 samples (s0, s1, s2,');
  expect(stdout).toContain('s19, 5 more)');
  expect(stdout).toContain('Now right: 1 (9)');
  expect(stdout).toMatch(/class 8 +43 .* pass\n +class 1 +2 +- +- +undefined\n/);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('largest 0.284, KL divergence 0.000420 nats a sample');
  const { data } = JSON.parse((await runCli(folder, 'compare', '--json')).stdout) as { data: unknown };
  expect(data).toMatchObject({
    groups: [{ variants: [{ variant: 'int8-dynamic', flips: { rightToWrong: 25 }, distanceReason: null }] }],
  });
});

test('metrics that the baseline or the variant has no value of are told with their reasons, in JSON too', () => {
  const missing = (id: string, reason: string) =>
    makeMetric({ id, label: id.toUpperCase(), value: null, interval: null, reason });
  const oneClass = 'no sample is of class "yes"';
  const ofBoth = [missing('auc', oneClass), missing('map', oneClass)];
  const notFinite = 'predictions must be finite numbers; not so for sample "3"';
  const variants = ['fp32', 'fp16'].map((name) => makeVariant({ name, isBaseline: name === 'fp32' }));
  const group = makeGroup({ variants: variants.map((variant) => makeTimedVariant({ variant })) });
  const cells = variants.map((variant) => {
    const metrics = [...ofBoth, ...(variant.isBaseline ? [] : [missing('mse', notFinite)])];
    return makeCell({ variant, outcome: measuredQuality(metrics) });
  });
  const records = [group, ...cells].map((record, index) => ({ file: `${index}.json`, record }));
  const { text, data } = compareVariants({ file: 'run.json', run: makeRun(), records, damaged: [] });
  expect(text).toContain(`
fp16
  Undefined for fp32 and fp16: AUC, MAP: ${oneClass}
  Undefined for fp16: MSE: ${notFinite}
`);
  const unjudged = [
    ...ofBoth.map(({ id }) => ({ metric: id, variant: 'fp32', reason: oneClass })),
    ...ofBoth.map(({ id }) => ({ metric: id, variant: 'fp16', reason: oneClass })),
    { metric: 'mse', variant: 'fp16', reason: notFinite },
  ];
  expect(data).toMatchObject({ groups: [{ variants: [{ variant: 'fp16', unjudged }] }] });
});
