import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { adviceList } from '../../core/advice.ts';
import { packageRoot } from '../../core/package-root.ts';

test('docs/explain.md tells every piece of advice, and when it is given, in the words of the list', () => {
  const text = readFileSync(path.join(packageRoot, 'docs/explain.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `([\w-]+)` +\| (.*?) +\|$/gm)].map(([, code, when]) => [code, when]);
  expect(rows).toEqual(Object.entries(adviceList).map(([code, { when }]) => [code, when]));
});
