import { expect, test } from 'vitest';
import type { Environment } from '../../results/environment-schema.ts';
import { readEnvironment } from '../../runners/environment.ts';
import { forms } from '../../runners/form.ts';
import { predictionsId, timesId, type Setting } from '../../runners/measurement-id.ts';
import { planSuites } from '../../runners/plan.ts';
import { loadSuites } from '../../suites/load.ts';
import { parseTarget } from '../../suites/target.ts';

const [planned] = await planSuites(await loadSuites(['fuel-economy']));
if (planned === undefined) throw new Error('no suite');
const environment = readEnvironment();
const model = { name: 'fp32', sha256: 'a'.repeat(64) };
const task = { kind: 'regression' } as const;

function idsOn(target: string, changed: Partial<Environment>): { predictions: string; times: string } {
  const setting: Setting = {
    planned: planned as Setting['planned'],
    target: parseTarget(target),
    environment: { ...environment, ...changed },
  };
  return {
    predictions: predictionsId(model, task, setting),
    times: timesId([model], { form: forms.quick, task }, setting),
  };
}

function withPackage(name: string): Partial<Environment> {
  return { packages: { ...environment.packages, [name]: '999.0.0' } };
}

const both = ['predictions', 'times'];
const { cpu } = environment;

const changes: { of: string; to: Partial<Environment>; onnxruntime: string[]; tfjs: string[] }[] = [
  { of: 'nothing', to: {}, onnxruntime: [], tfjs: [] },
  { of: 'ONNX Runtime', to: withPackage('onnxruntime-node'), onnxruntime: both, tfjs: [] },
  { of: 'TF.js', to: withPackage('@tensorflow/tfjs-core'), onnxruntime: [], tfjs: both },
  { of: 'tinybench', to: withPackage('tinybench'), onnxruntime: ['times'], tfjs: ['times'] },
  { of: 'V8', to: { v8: '0' }, onnxruntime: ['times'], tfjs: both },
  { of: 'instructions', to: { cpu: { ...cpu, flags: ['made-up'] } }, onnxruntime: both, tfjs: both },
  { of: 'processor', to: { cpu: { ...cpu, model: 'x' } }, onnxruntime: ['times'], tfjs: ['times'] },
  {
    of: 'memory',
    to: { memoryBytes: 2 * environment.memoryBytes },
    onnxruntime: ['times'],
    tfjs: ['times'],
  },
];

test.each(changes)('a change of $of makes anew what it takes part in', ({ to, onnxruntime, tfjs }) => {
  const changed = (target: string): string[] => {
    const [before, after] = [idsOn(target, {}), idsOn(target, to)];
    return (['predictions', 'times'] as const).filter((kind) => before[kind] !== after[kind]);
  };
  expect(changed('onnxruntime/cpu')).toEqual(onnxruntime);
  expect(changed('tfjs/cpu')).toEqual(tfjs);
});

test.each([
  ['tfjs/node', 'libtensorflow'],
  ['tfjs/node', '@tensorflow/tfjs-node'],
  ['tfjs/node-gpu', 'libtensorflow-gpu'],
  ['tfjs/webgpu', 'webgpu'],
  ['tfjs/wasm', '@tensorflow/tfjs-backend-wasm'],
])('what computes on %s alone, %s, is part of it and of no other device', (target, name) => {
  expect(idsOn(target, withPackage(name)).predictions).not.toBe(idsOn(target, {}).predictions);
  expect(idsOn(target, withPackage(name)).times).not.toBe(idsOn(target, {}).times);
  expect(idsOn('tfjs/cpu', withPackage(name))).toEqual(idsOn('tfjs/cpu', {}));
  expect(idsOn('onnxruntime/webgpu', withPackage(name))).toEqual(idsOn('onnxruntime/webgpu', {}));
});

test('a card or a driver is part of what a GPU predicts, and of nothing that a processor does', () => {
  const driver = { graphics: ['nvidia 999'] };
  expect(idsOn('onnxruntime/webgpu', driver).predictions).not.toBe(
    idsOn('onnxruntime/webgpu', {}).predictions,
  );
  expect(idsOn('onnxruntime/cpu', driver).predictions).toBe(idsOn('onnxruntime/cpu', {}).predictions);
});
