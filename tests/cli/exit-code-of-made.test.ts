import { expect, test } from 'vitest';
import { exitCodeOfMade } from '../../cli/exit-code-of-made.ts';
import type { Optimized } from '../../runners/optimize/make-variants.ts';

const written = { variant: 'a', status: 'written', file: 'a.onnx', made: {} } as unknown as Optimized;
const skipped: Optimized = { variant: 'b', status: 'not-applicable', reason: 'there is nothing to do' };
const refused: Optimized = { variant: 'c', status: 'failed', reason: 'weights hold NaN', by: 'asked' };
const crashed: Optimized = { variant: 'd', status: 'failed', reason: 'killed by SIGSEGV', by: 'process' };

test.for([
  ['all are written', [written, written], 0, 0],
  ['some do not apply', [written, skipped], 4, 0],
  ['none applies', [skipped, skipped], 4, 4],
  ['what was asked is at fault of all', [refused, refused], 2, 2],
  ['what was asked is at fault of all that apply', [refused, skipped], 2, 2],
  ['what was asked is at fault of some, and others are written', [written, refused], 4, 4],
  ['a process failed too', [refused, crashed], 4, 4],
] as const)('where %s', ([, optimized, ofNamed, ofUsual]) => {
  expect(exitCodeOfMade(optimized, { areUsual: false })).toBe(ofNamed);
  expect(exitCodeOfMade(optimized, { areUsual: true })).toBe(ofUsual);
});
