import { expect, test } from 'vitest';
import { parseVariant } from '../../models/variant.ts';
import { float16Obstacle } from '../../runners/foresee-skip.ts';

const reason = 'the webgpu adapter does not compute in float16';
const probe = { status: 'works', detail: '', isSoftware: false } as const;

test.for([
  ['fp16', reason],
  ['prune-neurons-50+fp16', reason],
  ['int8-dynamic', null],
] as const)('an adapter without float16 stands against %s: %s', ([name, obstacle]) => {
  expect(float16Obstacle(parseVariant(name), { ...probe, withoutFloat16: reason })).toBe(obstacle);
  expect(float16Obstacle(parseVariant(name), probe)).toBeNull();
});
