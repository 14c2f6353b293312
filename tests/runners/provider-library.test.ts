import { existsSync } from 'node:fs';
import { copyFile, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bindingFolder, fetchCommand, libraryFault } from '../../runners/onnxruntime/provider-library.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'provider-'));

test('a device that needs no library of its own has no fault', () => {
  expect(libraryFault('webgpu', { folder })).toBeNull();
});

test('a library that is not there is told with the command that brings it', () => {
  const absent =
    'libonnxruntime_providers_cuda.so does not come with the package and is not beside its binding';
  const fetch = `${fetchCommand()}, then assay doctor, which names what is missing of CUDA, cuDNN and TensorRT`;
  expect(libraryFault('cuda', { folder, seesGpu: () => true })).toEqual({ reason: absent, remedy: fetch });
  expect(libraryFault('cuda', { folder, seesGpu: () => false })).toEqual({
    reason: `nvidia-smi sees no GPU, and ${absent}`,
    remedy: `install NVIDIA’s driver, 580 or newer, then ${fetch}`,
  });
  const [, script = ''] = fetchCommand().split(' ');
  expect(existsSync(script)).toBe(true);
});

test.runIf(process.platform === 'linux')('a library that lacks another names it', async () => {
  // The binding itself: it needs ONNX Runtime, which is not beside this copy.
  const binding = path.join(bindingFolder(), 'onnxruntime_binding.node');
  await copyFile(binding, path.join(folder, 'libonnxruntime_providers_tensorrt.so'));
  expect(libraryFault('tensorrt', { folder })).toMatchObject({
    reason: 'libonnxruntime.so.1, which libonnxruntime_providers_tensorrt.so needs, is not found',
    remedy: expect.stringContaining(
      'that has libonnxruntime.so.1, and put its folder in LD_LIBRARY_PATH',
    ) as string,
  });
});
