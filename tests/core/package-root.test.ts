import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';

test('the root holds the manifest and the source', () => {
  expect(existsSync(path.join(packageRoot, 'package.json'))).toBe(true);
  expect(existsSync(path.join(packageRoot, 'core', 'package-root.ts'))).toBe(true);
});
