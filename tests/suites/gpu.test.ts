import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { loadSuiteFile } from '../../suites/load.ts';
import { targetNames } from '../../suites/target.ts';

/** Devices that are the processor. */
const processors = ['cpu', 'wasm', 'node'];

test('the suite of graphics cards has the processor and every target that may be a card', async () => {
  const { suite } = await loadSuiteFile(path.join(packageRoot, 'suites/gpu/gpu.suite.json'));
  const cards = targetNames.filter((name) => !processors.includes(name.split('/')[1] ?? ''));
  const named = suite.targets.map((target) => (typeof target === 'string' ? target : target.target));
  expect(named).toEqual(['onnxruntime/cpu', ...cards]);
});
