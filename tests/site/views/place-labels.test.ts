import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { placeLabels } from '../../../site/views/place-labels.ts';

const size = { width: 218, height: 164 };

test('a lone label stands to the right of its point', () => {
  expect(placeLabels([{ x: 20, y: 80, text: 'fp32' }], size)).toEqual([{ x: 29, y: 80, align: 'left' }]);
});

test('a label at the right edge turns to the left', () => {
  const [placement] = placeLabels([{ x: 210, y: 80, text: 'int8-dynamic' }], size);
  expect(placement?.align).toBe('right');
});

test('labels of points on one spot do not lie on each other', () => {
  const spots = ['fp32', 'int8-dynamic', 'prune-magnitude-50'].map((text) => ({ x: 60, y: 80, text }));
  const placements = placeLabels(spots, size);
  expect(new Set(placements.map(({ y, align }) => `${align} ${y}`)).size).toBe(3);
});

test('the same points always get the same labels', () => {
  const random = createRandom(5);
  const spots = Array.from({ length: 12 }, (_, index) => ({
    x: random.next() * size.width,
    y: random.next() * size.height,
    text: `variant-${index}`,
  }));
  expect(placeLabels(spots, size)).toEqual(placeLabels(spots, size));
});
