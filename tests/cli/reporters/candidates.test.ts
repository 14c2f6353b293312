import { expect, test } from 'vitest';
import { conclusion } from '../../../cli/reporters/candidates.ts';
import type { Candidate } from '../../../runners/optimize/choose.ts';
import { makeVariant } from '../../fakes/stored-runs.ts';

const empty = new Float64Array();

test.for([
  [900, ''],
  [1000, ''],
  [1100, ' Its file is larger than that of the baseline.'],
] as const)('a smallest variant of %i bytes beside a baseline of 1,000', ([sizeBytes, told]) => {
  const variant = makeVariant({ name: 'int8-dynamic', isBaseline: false, sizeBytes });
  const predictions = { kind: 'regression', ...{ ids: [], expected: empty, predicted: empty } } as const;
  const tried = { variant, path: 'int8.onnx', leftOut: [], predictions };
  const chosen: Candidate = { variant, tried, comparison: null, time: null };
  const found = {
    baseline: { variant: makeVariant({ sizeBytes: 1000 }), time: null },
    ...{ candidates: [chosen], pareto: [], chosen, files: new Map<string, string>() },
    ...{ unjudged: [], areSamplesTooFew: false },
  };
  expect(conclusion(found, 'size')).toBe(
    `int8-dynamic is the smallest whose loss is proven to be within what may be lost.${told}`,
  );
});
