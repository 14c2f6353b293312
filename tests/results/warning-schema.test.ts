import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { warningCodes } from '../../results/warning-schema.ts';

test('the page on measurement tells when each warning is given, and none besides', () => {
  const page = readFileSync(path.join(packageRoot, 'docs/measurement.md'), 'utf8');
  const table = page.slice(page.indexOf('## Doubts'));
  const told = [...table.matchAll(/^\| `([a-z-]+)` +\| .+ \|$/gm)].map(([, code]) => code);
  expect(told.toSorted()).toEqual([...warningCodes].sort());
});
