import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildGraph } from '../../models/onnx/builder.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { endlessModel, hungryModel } from '../fakes/harmful-models.ts';
import { createProject, runCli, runTiny, suite, type Project } from './project.ts';

async function project(models: Readonly<Record<string, Uint8Array>>, changes: object = {}): Promise<Project> {
  const made = await createProject();
  onTestFinished(() => rm(made.folder, { recursive: true, force: true }));
  for (const [name, bytes] of Object.entries(models)) await made.write(`${name}.onnx`, bytes);
  const files = ['./mine.onnx', ...Object.keys(models).map((name) => `./${name}.onnx`)];
  await made.write(
    'mine.suite.json',
    JSON.stringify({ ...suite, variants: ['fp32'], models: files, ...changes }),
  );
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

/** The rows of the table of what failed, in order of their models. */
function failuresIn(stdout: string): string[] {
  const [, , ...rows] = stdout.slice(stdout.indexOf('\nFailed\n') + 1).split('\n');
  const cells = rows.slice(0, rows.indexOf('')).map((row) => row.trim().replaceAll(/ {2,}/g, ' | '));
  return cells.sort();
}

test('a model that does not load or takes too much memory ends its own cell, and a table tells it', async () => {
  const { folder } = await project(
    { unknown: unknownOperator(), hungry: hungryModel() },
    { limits: { memoryMiB: 600 } },
  );
  const suites = ['--two-workers', 'mine.suite.json'];
  const { exitCode, stdout } = await runTiny(folder, { suites });
  expect(stdout).toMatch(/^mine +onnxruntime\/cpu +fp32 +0\.0\S+ +baseline +\S+ µs/m);
  expect(failuresIn(stdout)).toEqual([
    expect.stringMatching(
      /^mine \| hungry \| onnxruntime\/cpu \| fp32 \| quality \| the process took \d+ MiB of memory; 600 MiB are allowed$/,
    ),
    expect.stringMatching(/^mine \| unknown \| onnxruntime\/cpu \| fp32 \| quality \| .*Xyzzy/),
  ]);
  expect(exitCode).toBe(4);
});

test('a model that never ends is ended by the time of its cell, also where nothing else was to be measured', async () => {
  const { folder } = await project(
    { endless: endlessModel() },
    { models: ['./endless.onnx'], limits: { timeoutSeconds: 3 } },
  );
  const { exitCode, stdout } = await runTiny(folder, { suites: ['--json', 'mine.suite.json'] });
  const { ok, errors } = JSON.parse(stdout) as { ok: boolean; errors: unknown[] };
  const where = { suite: 'mine', model: 'endless', target: 'onnxruntime/cpu', variant: 'fp32' };
  expect({ exitCode, ok }).toEqual({ exitCode: 4, ok: false });
  expect(errors).toEqual([
    {
      ...{ code: 'timeout', message: 'no result within 3000 ms', hint: null },
      ...{ ...where, step: 'quality', stderrTail: expect.toBeOneOf([null, expect.any(String)]) as unknown },
    },
    expect.objectContaining({ code: 'nothing-measured', message: 'Nothing was measured.' }),
  ]);
});

test('a run whose time is up ends in order with 4 and says how it goes on', async () => {
  const { folder } = await project({ endless: endlessModel() }, { models: ['./endless.onnx'] });
  const { exitCode, stdout, stderr } = await runCli(
    folder,
    ...['run', '--quick', '--timeout', '3s', 'mine.suite.json'],
  );
  expect(`${stdout}${stderr}`).toMatch(
    /The time of the run was up before anything was measured\.\s+Next: give it a longer --timeout/,
  );
  expect(`${stdout}${stderr}`.match(/Next: /g)).toHaveLength(1);
  expect(exitCode).toBe(4);
  expect(await readdir(path.join(folder, 'assay-results')).catch(() => [])).not.toContain('lock.json');
});

test('validate tells a model that does not load here apart from one that is none, with 4', async () => {
  const { folder } = await project({ unknown: unknownOperator() });
  const { exitCode, stdout } = await runCli(folder, 'validate', 'mine.suite.json', '--json');
  const { data, errors } = JSON.parse(stdout) as { data: unknown; errors: unknown[] };
  expect(data).toMatchObject({ unloaded: [{ code: 'error' }] });
  const message: unknown = expect.stringMatching(/unknown\.onnx could not be loaded here: .*Xyzzy/);
  const hint: unknown = expect.stringContaining('take it out of the suite');
  expect(errors).toEqual([{ code: 'not-loaded', message, hint }]);
  expect(exitCode).toBe(4);
});
