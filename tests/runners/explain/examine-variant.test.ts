import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { saveModel } from '../../../models/onnx/save.ts';
import { examineVariant } from '../../../runners/explain/examine-variant.ts';
import type { OperatorCounts } from '../../../runners/explain/tasks.ts';
import { parseTarget } from '../../../suites/target.ts';
import { smallCnn } from '../../models/small-cnn.ts';

test('a model with its weights in another file is seen as ONNX Runtime runs it', async () => {
  const [held, split] = [await executedOf(Infinity), await executedOf(0)];
  expect(held).not.toBeNull();
  expect(split).toEqual(held);
});

/** With weights in another file where they have more bytes. */
async function executedOf(inlineBytes: number): Promise<OperatorCounts | null> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-examine-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'cnn.onnx');
  await saveModel(smallCnn(), file, { inlineBytes });
  const { operators } = await examineVariant({
    kind: 'examine',
    target: parseTarget('onnxruntime/cpu'),
    cpuFlags: [],
    files: { baseline: file, variant: file },
    steps: [],
    profiles: { baseline: null, variant: null },
    shapes: { calibrated: null, served: null },
  });
  return operators.executed;
}
