import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../core/package-root.ts';
import { compiled as scanning } from '../../../datasets/readers/kernel/compiled.ts';
import { compiled as metrics } from '../../../tasks/kernels/compiled.ts';

test.each([
  ['tasks/kernels', metrics],
  ['datasets/readers/kernel', scanning],
])('compiling what lies in %s again gives the bytes that are there', (from, compiled) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'assay-kernels-'));
  const target = path.join(folder, 'kernel.wasm');
  const compiler = path.join(packageRoot, 'node_modules/assemblyscript/bin/asc.js');
  const options = ['--config', `${from}/asconfig.json`, '--outFile', target];
  execFileSync(process.execPath, [compiler, ...options], { cwd: packageRoot });
  expect(readFileSync(target).toString('base64')).toBe(compiled);
  rmSync(folder, { recursive: true });
});
