import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { entries } from '../../bundle.ts';
import { packageRoot } from '../../core/package-root.ts';

const modules = globSync('{cli,core,datasets,models,results,runners,site,suites,tasks}/**/*.ts', {
  cwd: packageRoot,
});

test('each module that another starts as a process or a thread is in the bundle', () => {
  const started = modules.flatMap((file) => {
    const source = readFileSync(path.join(packageRoot, file), 'utf8');
    const names = [...source.matchAll(/siblingModule\(import\.meta\.url, '([^']+)'\)/g)];
    return names.map(([, name = '']) => `${path.join(path.dirname(file), name)}.ts`);
  });
  expect(started.length).toBeGreaterThan(10);
  expect(entries).toEqual(expect.arrayContaining(started));
});

test('all that is bundled lies in one folder under a name of its own', () => {
  const names = entries.map((entry) => path.basename(entry));
  expect(new Set(names).size).toBe(names.length);
});
