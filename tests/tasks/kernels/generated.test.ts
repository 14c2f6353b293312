import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../core/package-root.ts';
import { compiled } from '../../../tasks/kernels/compiled.ts';

test('compiling the kernels again gives the bytes that are there', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'assay-kernels-'));
  const target = path.join(folder, 'kernels.wasm');
  const compiler = path.join(packageRoot, 'node_modules/assemblyscript/bin/asc.js');
  const options = ['--config', 'tasks/kernels/asconfig.json', '--outFile', target];
  execFileSync(process.execPath, [compiler, ...options], { cwd: packageRoot });
  expect(readFileSync(target).toString('base64')).toBe(compiled);
  rmSync(folder, { recursive: true });
});
