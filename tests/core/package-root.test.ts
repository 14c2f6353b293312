import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot, siblingModule } from '../../core/package-root.ts';

test('the root holds the manifest and the source', () => {
  expect(existsSync(path.join(packageRoot, 'package.json'))).toBe(true);
  expect(existsSync(path.join(packageRoot, 'core', 'package-root.ts'))).toBe(true);
});

test('a sibling has the extension of the module that asks', () => {
  expect(siblingModule('file:///a/b/run.ts', './child').href).toBe('file:///a/b/child.ts');
  expect(siblingModule('file:///a/dist/run.js', './child').href).toBe('file:///a/dist/child.js');
});
