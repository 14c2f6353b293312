import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { expect, onTestFinished, test } from 'vitest';
import { writeTwoNumbersModel } from '../fakes/tfjs-models.ts';
import { runCli } from './project.ts';

test('export writes a model.json as an ONNX file that loads, named after its folder', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-export-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeTwoNumbersModel(path.join(folder, 'two'));
  expect(await runCli(folder, 'export', 'two/model.json')).toMatchObject({ exitCode: 0 });
  const session = await InferenceSession.create(path.join(folder, 'two.onnx'));
  expect([session.inputNames, session.outputNames]).toEqual([['hidden_input'], ['y']]);
  await session.release();
});

test('export of a layer ONNX cannot have ends with 2, names the layer and writes nothing', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-export-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeTwoNumbersModel(path.join(folder, 'two'), 'recurrent');
  const { exitCode, stderr } = await runCli(folder, 'export', 'two/model.json', '--out', 'made.onnx');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Layer "memory" (SimpleRNN) cannot become ONNX. Layers that can: Activation');
  expect(await readdir(folder)).not.toContain('made.onnx');
});
