import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../core/package-root.ts';
import { perform } from '../../../runners/pool/perform.ts';
import { parseTarget } from '../../../suites/target.ts';
import { countSessions } from '../../fakes/count-sessions.ts';

const artifact = {
  format: 'onnx',
  path: path.join(packageRoot, 'models/catalog/cars-mlp/model.onnx'),
} as const;
const x = { type: 'float32', shape: [1, 9], data: new Float32Array(9) } as const;

test('where nodes of a model run on a card is seen with one of it loaded at a time', async () => {
  const sessions = countSessions();
  const model = { artifact, target: parseTarget('onnxruntime/cuda'), deviceIndex: 0 };
  await perform({ kind: 'open', model });
  expect(sessions).toEqual({ alive: 1, most: 1 });
  await perform({ kind: 'placement', model, inputs: { x } });
  expect(sessions).toEqual({ alive: 0, most: 1 });
  await perform({ kind: 'open', model });
  await perform({ kind: 'close' });
  expect(sessions).toEqual({ alive: 0, most: 1 });
});
