import { expect, test } from 'vitest';
import type { Consistency } from '../../../results/consistency-schema.ts';
import { standGroup, type GroupStanding } from '../../../site/views/standings.ts';
import {
  baselineMatrixTable,
  targetMatrix,
  targetMatrixTable,
  tolerancesText,
  type TargetMatrix,
} from '../../../site/views/target-matrix.ts';
import { parseTarget } from '../../../suites/target.ts';
import { makeGroup, makeSubject, makeTimedVariant, makeVariant, makeRun } from '../../fakes/stored-runs.ts';
import { sameOutputs } from '../../fakes/consistency.ts';

function group(target: string, consistency: Consistency | null): GroupStanding {
  const subject = makeSubject({ target: parseTarget(target) });
  const record = makeGroup({
    subject,
    variants: [makeTimedVariant({ variant: makeVariant(), consistency })],
  });
  return standGroup({ subject, group: { run: makeRun(), record }, cells: new Map() });
}

function matrixOf(groups: readonly GroupStanding[]): TargetMatrix {
  const matrix = targetMatrix(groups);
  if (matrix === null) throw new Error('nothing was compared');
  return matrix;
}

const reference = group('onnxruntime/cpu', { ...sameOutputs, toItself: null, isConsistent: null });

test('a cell tells the error, what flipped, and whether that is the same', () => {
  const flips = { rightToWrong: 2, wrongToRight: 1, agreement: 0.9 };
  const toItself = { relativeError: 0.031, nonFinite: 0, flips, metricDifference: -0.0123 };
  const matrix = matrixOf([
    reference,
    group('tfjs/wasm', sameOutputs),
    group('tfjs/cpu', { ...sameOutputs, toItself, isConsistent: false }),
  ]);
  const [row] = targetMatrixTable(matrix).rows;
  expect(row?.cells).toEqual([
    { value: 'reference', range: null, mark: 'baseline' },
    { value: '1.2e-7', range: '', mark: 'pass' },
    { value: '3.1e-2', range: '3 flips, metric −0.012', mark: 'regressed' },
  ]);
});

test('what has no outputs on a target says why', () => {
  const [row] = targetMatrixTable(matrixOf([reference, group('tfjs/wasm', null)])).rows;
  expect(row?.cells[1]).toEqual({ value: '–', range: 'no record of it is stored', mark: null });
});

test('one target alone has no matrix', () => {
  expect(targetMatrix([reference])).toBeNull();
});

test('variants stand beside the unmodified model in a table of their own', () => {
  const variant = (target: string, consistency: Consistency): GroupStanding => {
    const [base, subject] = [makeVariant(), makeSubject({ target: parseTarget(target) })];
    const variants = [
      makeTimedVariant({ variant: base, consistency }),
      makeTimedVariant({ variant: { ...base, name: 'int8-dynamic', isBaseline: false }, consistency }),
    ];
    const record = makeGroup({ subject, variants });
    return standGroup({ subject, group: { run: makeRun(), record }, cells: new Map() });
  };
  const toBaseline = { relativeError: 0.012, nonFinite: 3, flips: null, metricDifference: null };
  const groups = [
    variant('onnxruntime/cpu', { ...sameOutputs, toItself: null, isConsistent: null, toBaseline }),
    variant('tfjs/wasm', sameOutputs),
  ];
  const rows = baselineMatrixTable(matrixOf(groups))?.rows ?? [];
  expect(rows.map(({ name }) => name)).toEqual(['fp32', 'int8-dynamic']);
  expect(rows[1]?.cells).toEqual([
    { value: '1.2e-2', range: '3 not finite', mark: null },
    { value: '1.2e-7', range: '', mark: null },
  ]);
});

test('the tolerances are told once for each precision', () => {
  const int8 = { ...sameOutputs, precision: 'int8', tolerance: 0.02 } as const;
  const matrix = matrixOf([reference, group('tfjs/wasm', sameOutputs)]);
  const rows = [...matrix.rows, ...matrix.rows, ...matrixOf([reference, group('tfjs/wasm', int8)]).rows];
  expect(tolerancesText({ ...matrix, rows })).toBe('0.0001 in float32');
  const { rows: ofInt8 } = matrixOf([group('onnxruntime/cpu', int8), group('tfjs/wasm', int8)]);
  expect(tolerancesText({ ...matrix, rows: [...matrix.rows, ...ofInt8] })).toBe(
    '0.0001 in float32, 0.02 in int8',
  );
});
