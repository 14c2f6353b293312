import { expect, test } from 'vitest';
import { consistencyDoubt } from '../../runners/doubts/consistency-doubt.ts';
import type { PredictionsByCell } from '../../runners/evaluate-cells.ts';
import { judgeConsistency } from '../../runners/judge-consistency.ts';
import { planSuites } from '../../runners/plan.ts';
import type { PreparedCell, PreparedGroup } from '../../runners/prepare-cells.ts';
import { loadSuites } from '../../suites/load.ts';
import type { ClassificationPredictions } from '../../tasks/predictions.ts';

const [planned] = await planSuites(await loadSuites(['tumour-diagnosis']));

/** The groups of the suite's first model, target by target, with nothing built. */
function groupsOf(): PreparedGroup[] {
  if (planned === undefined) throw new Error('nothing is planned');
  return planned.groups.map((group) => ({
    planned,
    group,
    cells: group.cells.map((job): PreparedCell => {
      const unbuilt = { sha256: null, sizeBytes: null, gzipBytes: null, passes: [] };
      const plan = { status: 'skipped', code: 'unavailable', reason: 'nothing runs here' } as const;
      return { job, variant: { ...unbuilt, name: job.variant, isBaseline: job.variant === 'fp32' }, plan };
    }),
  }));
}

function predictionsOf(certainty: number): ClassificationPredictions {
  return {
    kind: 'classification',
    ids: ['a', 'b'],
    labels: ['benign', 'malignant'],
    expected: Int32Array.of(0, 1),
    predicted: Int32Array.of(0, 1),
    probabilities: Float64Array.of(certainty, 1 - certainty, 1 - certainty, certainty),
  };
}

/** Predictions of every cell, as certain as told by its target and variant. */
function predict(
  groups: readonly PreparedGroup[],
  certaintyOf: (target: string, variant: string) => number | null,
): PredictionsByCell {
  const entries = groups.flatMap(({ cells, group }) =>
    cells.flatMap(({ job }) => {
      const certainty = certaintyOf(group.target.runner, job.variant);
      if (certainty === null) return [];
      return [[job.id, { predictions: predictionsOf(certainty), sha256: '0'.repeat(64) }] as const];
    }),
  );
  return new Map(entries);
}

function elsewhere(groups: readonly PreparedGroup[]): PreparedGroup {
  const found = groups.find(({ group }) => group.target.runner === 'tfjs');
  if (found === undefined) throw new Error('the suite has one target');
  return found;
}

test('a variant that does the same elsewhere is consistent, one that is further off than its precision is not', () => {
  const groups = groupsOf();
  const other = elsewhere(groups);
  const judge = (certainty: number): boolean | null | undefined => {
    const predictions = predict(groups, (runner) => (runner === 'tfjs' ? certainty : 0.9));
    return judgeConsistency(other, groups, predictions).get('fp32')?.isConsistent;
  };
  expect([judge(0.9), judge(0.90001), judge(0.901)]).toEqual([true, true, false]);
});

test('what is astray is told as a doubt, with its error and what would be the same', () => {
  const groups = groupsOf();
  const predictions = predict(groups, (runner) => (runner === 'tfjs' ? 0.8 : 0.9));
  const [doubt] = consistencyDoubt(judgeConsistency(elsewhere(groups), groups, predictions));
  expect(doubt?.code).toBe('inconsistent-target');
  expect(doubt?.detail).toMatch(
    /differ from those on onnxruntime\/cpu: fp32 by 0\.16 \(up to 0\.0001 is the same\)/,
  );
});

test('outputs that are not finite here are astray, and so are decisions where there are no numbers', () => {
  const groups = groupsOf();
  const other = elsewhere(groups);
  const judge = (here: ClassificationPredictions, there: ClassificationPredictions): string[] => {
    const predictions = new Map(
      groups.flatMap(({ cells, group }) =>
        cells.map(({ job }) => [
          job.id,
          { predictions: group.target.runner === 'tfjs' ? here : there, sha256: '0'.repeat(64) },
        ]),
      ),
    );
    return consistencyDoubt(judgeConsistency(other, groups, predictions)).map(({ detail }) => detail);
  };
  const labelsOnly = { ...predictionsOf(0.9), probabilities: null };
  expect(judge(predictionsOf(NaN), predictionsOf(0.9))[0]).toContain(
    'fp32 in 4 numbers that are not finite here',
  );
  expect(judge({ ...labelsOnly, predicted: Int32Array.of(1, 0) }, labelsOnly)[0]).toContain(
    'fp32 in 100.0 % of its decisions',
  );
  expect(judge(labelsOnly, labelsOnly)).toEqual([]);
});

test('the reference is a processor, labelled or not, wherever the suite has one', () => {
  const groups = groupsOf();
  const [webgpu] = groups.filter(({ group }) => group.target.device === 'webgpu');
  const cpu = groups.find(({ group }) => group.target.device === 'cpu');
  if (webgpu === undefined || cpu === undefined) throw new Error('the suite lacks a target');
  const labelled = { ...cpu, group: { ...cpu.group, target: { ...cpu.group.target, label: 'two threads' } } };
  const judged = judgeConsistency(
    webgpu,
    [webgpu, labelled],
    predict([webgpu, labelled], () => 0.9),
  );
  expect(judged.get('fp32')?.reference).toContain('two threads');
});

test('the reference target is held against the unmodified model alone, and raises no doubt', () => {
  const groups = groupsOf();
  const reference = groups.find(({ group }) => group.target.runner === 'onnxruntime');
  if (reference === undefined) throw new Error('no reference');
  const predictions = predict(groups, (_, variant) => (variant === 'fp32' ? 0.9 : 0.7));
  const judged = judgeConsistency(reference, groups, predictions);
  for (const one of judged.values()) expect(one).toMatchObject({ toItself: null, isConsistent: null });
  expect(judged.get('int8-dynamic')?.toBaseline?.relativeError).toBeGreaterThan(0.2);
  expect(consistencyDoubt(judged)).toEqual([]);
});

test('a variant without outputs on the reference target is held against the unmodified model there', () => {
  const groups = groupsOf();
  const predictions = predict(groups, (runner, variant) =>
    runner === 'onnxruntime' && variant !== 'fp32' ? null : 0.9,
  );
  const judged = judgeConsistency(elsewhere(groups), groups, predictions).get('int8-dynamic');
  expect(judged).toMatchObject({ toItself: null, isConsistent: null, toBaseline: { relativeError: 0 } });
});

test('a model on one target has nothing to agree with', () => {
  const groups = groupsOf();
  const other = elsewhere(groups);
  expect(
    judgeConsistency(
      other,
      [other],
      predict(groups, () => 0.9),
    ).size,
  ).toBe(0);
});
