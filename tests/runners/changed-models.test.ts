import { rm, utimes } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { StoredRecord } from '../../results/schema.ts';
import { evaluateCells } from '../../runners/evaluate-cells.ts';
import { measureGroups } from '../../runners/measure-groups.ts';
import { planSuites } from '../../runners/plan.ts';
import { prepareGroups, type PreparedGroup } from '../../runners/prepare-cells.ts';
import type { Probe } from '../../runners/runner.ts';
import type { RunContext } from '../../runners/run-context.ts';
import { measureScenarios } from '../../runners/scenarios/measure-scenarios.ts';
import { loadSuites } from '../../suites/load.ts';
import { createProject, linearModel, suite, type Project } from '../cli/project.ts';
import { freshHost } from '../fakes/fresh-host.ts';
import { makeContext, noQuality } from '../fakes/run-context.ts';
import { tinyForm } from '../fakes/tiny-form.ts';

const probes = new Map<string, Probe>([
  ['onnxruntime/cpu', { status: 'works', detail: '', isSoftware: false }],
]);
const changed = /^\S+ changed while the run went on: SHA-256 \w+, where \w+ was planned$/;
let project: Project;
let groups: PreparedGroup[];

beforeEach(async () => {
  project = await createProject();
  const { folder, write } = project;
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await write('mine.suite.json', JSON.stringify({ ...suite, scenarios: [{ kind: 'single-stream' }] }));
  const planned = await planSuites(await loadSuites([path.join(folder, 'mine.suite.json')]));
  groups = await prepareGroups(planned, { cacheDir: path.join(folder, 'built'), probes, host: freshHost() });
});

/** The file of a variant. */
function fileOf(name: string): string {
  const found = groups.flatMap(({ cells }) => cells).find(({ variant }) => variant.name === name);
  if (found?.plan.status !== 'ready') throw new Error(`${name} is not ready`);
  return found.plan.artifact.path;
}

function replace(name: string): void {
  writeFileSync(fileOf(name), linearModel(2, 3));
}

/** A context in which something happens once a process is about to start, and what is saved in it. */
function happening(what: () => void, { report }: Partial<RunContext> = {}): ReturnType<typeof makeContext> {
  const { context, saved } = makeContext(tinyForm);
  const limits: RunContext['limits'] = (asked) => {
    what();
    return context.limits(asked);
  };
  return { context: { ...context, limits, ...(report === undefined ? {} : { report }) }, saved };
}

async function time({ context }: ReturnType<typeof makeContext>): Promise<void> {
  await measureGroups(groups, { quality: noQuality, advice: new Map(), layers: new Map(), probes, context });
}

/** What is told of each variant of a group, and how many processes were paired. */
function toldOf([record]: readonly StoredRecord[]): {
  reasons: Record<string, string | null>;
  pairs: number;
} {
  if (record?.kind !== 'group') throw new Error('no group was saved');
  const reasons = record.variants.map(({ variant, timed }): [string, string | null] => [
    variant.name,
    timed.status === 'measured' ? null : timed.reason,
  ]);
  return { reasons: Object.fromEntries(reasons), pairs: record.pairs.length };
}

const nothing = (): void => undefined;

test('a model that is replaced while it is timed has no times and no verdict', async () => {
  const run = happening(() => {
    replace('fp32');
  });
  await time(run);
  const { reasons, pairs } = toldOf(run.saved);
  expect(reasons.fp32).toMatch(changed);
  expect(pairs).toBe(0);
  expect(run.saved).toMatchObject([{ control: null, variants: [{ latency: null }, { latency: null }] }]);
});

test('a model that is replaced before it is timed is not timed, nor what is compared with it', async () => {
  const run = happening(nothing, {
    report: ({ kind }) => {
      if (kind === 'group-started') replace('fp32');
    },
  });
  await time(run);
  expect(toldOf(run.saved)).toEqual({
    reasons: {
      fp32: expect.stringMatching(changed) as string,
      'int8-dynamic': 'the baseline could not be timed',
    },
    pairs: 0,
  });
});

test('a variant that is replaced while it is timed fails alone', async () => {
  const run = happening(() => {
    replace('int8-dynamic');
  });
  await time(run);
  expect(toldOf(run.saved).reasons).toEqual({
    fp32: null,
    'int8-dynamic': expect.stringMatching(changed) as string,
  });
});

test('a model that is written again as it was, or touched, is the same', async () => {
  const bytes = readFileSync(fileOf('fp32'));
  await utimes(fileOf('int8-dynamic'), 1, 1);
  const run = happening(() => {
    writeFileSync(fileOf('fp32'), bytes);
  });
  await time(run);
  expect(toldOf(run.saved).reasons).toEqual({ fp32: null, 'int8-dynamic': null });
});

test('a model that is replaced under load has no figures of it', async () => {
  const run = happening(() => {
    replace('fp32');
  });
  expect(await measureScenarios(groups, { probes, failures: new Map(), context: run.context })).toBe(false);
  expect(run.saved).toMatchObject([
    { outcome: { status: 'failed', reason: expect.stringMatching(changed) as string }, measurementId: null },
    { outcome: { status: 'measured' } },
  ]);
});

test('a model that is replaced while it predicts has no predictions', async () => {
  const { context, saved } = happening(() => {
    replace('fp32');
  });
  await evaluateCells(groups, freshHost(), context);
  expect(saved).toMatchObject([
    { outcome: { status: 'failed', reason: expect.stringMatching(changed) as string }, measurementId: null },
    { outcome: { status: 'measured' } },
  ]);
});
