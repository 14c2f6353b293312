import { rm } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { buildGraph } from '../../models/onnx/builder.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { createProject, runCli, runTiny, suite, type Project } from './project.ts';

async function project(models: Readonly<Record<string, Uint8Array>>): Promise<Project> {
  const made = await createProject();
  onTestFinished(() => rm(made.folder, { recursive: true, force: true }));
  for (const [name, bytes] of Object.entries(models)) await made.write(`${name}.onnx`, bytes);
  const files = ['./mine.onnx', ...Object.keys(models).map((name) => `./${name}.onnx`)];
  await made.write('mine.suite.json', JSON.stringify({ ...suite, variants: ['fp32'], models: files }));
  return made;
}

/** A whole model that fits the project's data, of an operator that no runtime has. */
function unknownOperator(): Uint8Array {
  const graph = buildGraph('unknown');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2] });
  graph.node('Xyzzy', [x], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  return encodeModel(graph.model());
}

test('a model that does not load here is an outcome of its cells: the others are measured, and a table tells it', async () => {
  const { folder } = await project({ unknown: unknownOperator() });
  const { exitCode, stdout } = await runTiny(folder);
  expect(stdout).toMatch(/^mine +onnxruntime\/cpu +fp32 +0\.0/m);
  expect(stdout).toMatch(/^Failed\nSUITE .*\nmine +unknown +onnxruntime\/cpu +fp32 +quality +.*Xyzzy/m);
  expect(exitCode).toBe(4);
});

test('validate tells a model that does not load here apart from one that is none, with 4', async () => {
  const { folder } = await project({ unknown: unknownOperator() });
  const { exitCode, stdout } = await runCli(folder, 'validate', 'mine.suite.json');
  expect(stdout).toMatch(/^\?\? {2}.*unknown\.onnx could not be loaded here: .*Xyzzy/m);
  expect(exitCode).toBe(4);
});

test('where nothing could be measured, the table tells why, too', async () => {
  const { folder, write } = await project({ unknown: unknownOperator() });
  await write(
    'mine.suite.json',
    JSON.stringify({ ...suite, variants: ['fp32'], models: ['./unknown.onnx'] }),
  );
  const { exitCode, stdout } = await runTiny(folder);
  expect(stdout).toMatch(/^Failed\n.*\nmine +unknown +onnxruntime\/cpu +fp32 +quality +.*Xyzzy/m);
  expect(stdout).toContain('Nothing was measured.');
  expect(exitCode).toBe(4);
});
