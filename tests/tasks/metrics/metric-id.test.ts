import { expect, test } from 'vitest';
import fc from 'fast-check';
import {
  parseMetricId,
  readList,
  readText,
  withOptions,
  writeOption,
} from '../../../tasks/metrics/metric-id.ts';

test('an id is a name, a number and options', () => {
  expect(parseMetricId('pinball@0.9?output=price&x=1')).toEqual({
    name: 'pinball',
    number: '0.9',
    options: new Map([
      ['output', 'price'],
      ['x', '1'],
    ]),
  });
  expect(parseMetricId('chrf++')).toEqual({ name: 'chrf++', number: null, options: new Map() });
});

test('options given beside an id become part of it, readable in any script', () => {
  expect(withOptions('bleu', { tokenize: 'intl', lowercase: true })).toBe(
    'bleu?tokenize=intl&lowercase=true',
  );
  expect(withOptions('f1-macro', { labels: ['猫', 'a, b & c'] })).toBe(
    'f1-macro?labels=猫+a%2C%20b%20%26%20c',
  );
});

test('every text and list comes back from an id as it was', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 });
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 1 }), (one, many) => {
      const { options } = parseMetricId(withOptions('x', { one, many }));
      expect(readText(options.get('one') ?? '')).toBe(one);
      expect(readList(options.get('many') ?? '')).toEqual(many);
      expect(writeOption(one)).not.toMatch(/[&=+,?\s]/u);
    }),
    { seed: 3 },
  );
});
