import { existsSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { createProject, runCli } from './project.ts';

interface Optimized {
  variant: string;
  file: string;
}

interface Envelope {
  data: { optimized: Optimized[] };
  errors: { message: string; hint: string }[];
}

function envelopeOf(stdout: string): Envelope {
  return JSON.parse(stdout) as Envelope;
}

test('optimize writes each variant as a model that loads, named after model and variant', async () => {
  const { folder } = await createProject();
  const variants = ['int8-dynamic', 'prune-magnitude-50+int8-dynamic'];
  const { exitCode, stdout } = await runCli(
    folder,
    'optimize',
    'cars-mlp',
    ...variants,
    '--out',
    'made',
    '--json',
  );
  expect(exitCode).toBe(0);
  const { optimized } = envelopeOf(stdout).data;
  expect(optimized.map(({ file }) => file)).toEqual(
    variants.map((variant) => path.join('made', `cars-mlp.${variant}.onnx`)),
  );
  for (const { file } of optimized) {
    const session = await InferenceSession.create(path.join(folder, file));
    expect(session.inputNames).toEqual(['features']);
    await session.release();
  }
});

test('optimize names a variant that does not exist, and writes nothing', async () => {
  const { folder } = await createProject();
  const { exitCode, stdout } = await runCli(
    folder,
    ...['optimize', 'cars-mlp', 'int8-dynamic', 'int9-dynamic', '--out', 'made', '--json'],
  );
  expect(exitCode).toBe(2);
  const [error] = envelopeOf(stdout).errors;
  expect(error?.message).toContain('"int9-dynamic"');
  expect(existsSync(path.join(folder, 'made'))).toBe(false);
});

test('optimize without a variant says what to ask first', async () => {
  const { folder } = await createProject();
  const { exitCode, stderr } = await runCli(folder, 'optimize', 'cars-mlp');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Next: assay explain cars-mlp');
});
