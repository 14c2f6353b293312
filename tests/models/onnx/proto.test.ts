import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { packageRoot } from '../../../core/package-root.ts';

const generated = 'models/onnx/proto/onnx.js';
const manifest = z.object({ scripts: z.object({ 'generate:onnx': z.string() }) });

test('generating the codec from onnx.proto again gives the files that are there', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'assay-proto-'));
  const target = path.join(folder, 'onnx.js');
  const text = readFileSync(path.join(packageRoot, 'package.json'), 'utf8');
  const [command = '', ...words] = manifest.parse(JSON.parse(text)).scripts['generate:onnx'].split(' ');
  const program = path.join(packageRoot, 'node_modules/.bin', command);
  execFileSync(
    program,
    words.map((word) => (word === generated ? target : word)),
    { cwd: packageRoot },
  );
  for (const extension of ['.js', '.d.ts']) {
    const expected = readFileSync(path.join(packageRoot, generated.replace('.js', extension)), 'utf8');
    expect(readFileSync(target.replace('.js', extension), 'utf8')).toBe(expected);
  }
  rmSync(folder, { recursive: true });
});
