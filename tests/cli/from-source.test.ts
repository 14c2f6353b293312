import { rm } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createProject, runTinyFromSource } from './project.ts';

test('a clone runs from its sources, without a build', async () => {
  const { folder } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { exitCode, stdout, stderr } = await runTinyFromSource(folder);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stdout).toContain('int8-dynamic');
});
