import { expect, test } from 'vitest';
import { formatTargetMatrix } from '../../../cli/reporters/target-matrix.ts';

test('a reason of all variants on a target is told once, that of one by itself', () => {
  const unavailable = { kind: 'missing', reason: 'no adapter', isFailed: false } as const;
  const reference = { kind: 'reference', toBaseline: null } as const;
  const crashed = { kind: 'missing', reason: 'crashed', isFailed: true } as const;
  const row = { tolerance: null, precision: null };
  const text = formatTargetMatrix({
    reference: 'onnxruntime/cpu',
    targets: ['onnxruntime/cpu', 'onnxruntime/webgpu', 'tfjs/wasm'],
    rows: [
      { variant: 'fp32', ...row, cells: [reference, unavailable, reference] },
      { variant: 'int8-dynamic', ...row, cells: [reference, unavailable, crashed] },
    ],
  });
  expect(text.match(/^ {2}.*$/gm)).toEqual([
    '  fp32, int8-dynamic on onnxruntime/webgpu: no adapter',
    '  int8-dynamic on tfjs/wasm: crashed',
  ]);
});
