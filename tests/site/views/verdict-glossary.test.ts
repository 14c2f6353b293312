import { expect, test } from 'vitest';
import { latencyVerdicts } from '../../../results/compare-latency.ts';
import { twoPercentDesign as design } from '../../../runners/calibrate/two-percent-design.ts';
import { verdictGlossary } from '../../../site/views/verdict-glossary.ts';

/** Ten processes that differ hardly from each other. */
const around = (shift: number): number[] => Array.from({ length: 10 }, (_, index) => shift + index * 1e-5);

test('a slowdown proven to be one is flagged inside the margin too, where the page says: nearer to it than to no change', () => {
  expect(latencyVerdicts([around(0.015)], design)).toEqual(['regressed']);
  expect(latencyVerdicts([around(0.005)], design)).toEqual(['pass']);
  const { regressed, pass } = verdictGlossary.speed;
  expect(regressed).toContain('nearer to the margin than to no change');
  expect(pass).toContain('nearer to no change');
  expect(Object.values(verdictGlossary.speed).join(' ')).not.toContain('interval');
});
