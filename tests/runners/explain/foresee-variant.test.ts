import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { smallSize } from '../../../models/architectures/registry.ts';
import { saveModel } from '../../../models/onnx/save.ts';
import { parseVariant } from '../../../models/variant.ts';
import { foreseeVariant } from '../../../runners/explain/foresee-variant.ts';
import type { ForeseeResult } from '../../../runners/explain/tasks.ts';
import { parseTarget } from '../../../suites/target.ts';

test('of a transformer quantizing leaves something to fp16, which a CPU does not gain by', async () => {
  const foreseen = await foresee('bert-base', 'int8-static+fp16');
  expect(foreseen).toMatchObject({ status: 'made', advice: [{ code: 'half-precision-on-cpu' }] });
});

test('of a perceptron it leaves nothing, and without calibration data there is nothing to convert', async () => {
  expect(reasonOf(await foresee('perceptron', 'int8-static+fp16'))).toContain('nothing is left for fp16');
  const withoutData = await foresee('bert-base', 'int8-static+fp16', false);
  expect(reasonOf(withoutData)).toContain('needs calibration data');
});

function reasonOf(foreseen: ForeseeResult): string {
  return foreseen.status === 'made' ? 'made' : foreseen.reason;
}

async function foresee(
  name: keyof typeof smallSize,
  variant: string,
  isCalibrated = true,
): Promise<ForeseeResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-foresee-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'model.onnx');
  await saveModel(smallSize[name].build(1), file);
  return foreseeVariant({
    kind: 'foresee',
    target: parseTarget('onnxruntime/cpu'),
    cpuFlags: ['avx2', 'avx512_vnni'],
    file,
    steps: parseVariant(variant).steps,
    inputs: isCalibrated ? smallSize[name].inputs(createRandom(3)) : null,
    profile: null,
    shapes: { calibrated: null, served: null },
  });
}
