import { expect, test } from 'vitest';
import { joinBase, paths, slugOf } from '../../../site/views/paths.ts';

test('a harmless name is its own slug', () => {
  expect(slugOf('20261123T144944Z-8876dc')).toBe('20261123T144944Z-8876dc');
});

test.each(['../../etc', '..', '.hidden', '', 'a/b', 'a b', '<script>', 'x'.repeat(300), 'ünï'])(
  'the slug of %j is one safe segment',
  (name) => {
    expect(slugOf(name)).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/);
  },
);

test('names that look alike as slugs stay apart', () => {
  expect(slugOf('a/b')).not.toBe(slugOf('a b'));
});

test.each([
  ['/', '/method/'],
  ['/x', '/x/method/'],
  ['/x/y/', '/x/y/method/'],
])('a path below %s is %s', (base, address) => {
  expect(joinBase(base, paths.method)).toBe(address);
});

test.for(['con', 'AUX', 'nul.csv', 'com1', 'lpt9.suite', 'ends.'])(
  '%s, which Windows takes for another, is not used as it stands',
  (name) => {
    expect(slugOf(name)).toMatch(/^x.*-[0-9a-f]{8}$/);
  },
);

test.for(['console', 'auxiliary', 'com10', 'a.con'])('%s is used as it stands', (name) => {
  expect(slugOf(name)).toBe(name);
});
