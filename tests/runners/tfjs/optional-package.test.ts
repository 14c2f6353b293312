import { mkdtemp, mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { version_core } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { notSetUp } from '../../../runners/tfjs/node-device.ts';
import { requireOptional } from '../../../runners/tfjs/optional-package.ts';
import { isVulkanDriverThere } from '../../../runners/vulkan-driver.ts';

test('every package that is missing is named, with one command for all and what comes then', () => {
  const [own, other] = ['@tensorflow/tfjs-no-such', 'no-such-package'] as const;
  expect(() => requireOptional(['piscina', own, other])).toThrow(
    expect.objectContaining({
      message: `not installed, as optional: ${own} and ${other}`,
      remedy: `npm install ${own}@${version_core} ${other}, then assay doctor`,
    }) as Error,
  );
  expect(() => requireOptional([other], 'and a driver')).toThrow(
    expect.objectContaining({ remedy: 'npm install no-such-package, and a driver' }) as Error,
  );
  expect(Object.keys(requireOptional(['piscina']))).toEqual(['piscina']);
});

test('a Vulkan driver is there where a manifest of one is, or a variable names one', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'vulkan-'));
  const manifests = path.join(folder, 'vulkan', 'icd.d');
  await mkdir(manifests, { recursive: true });
  const isThere = (variables = {}): boolean => isVulkanDriverThere({ variables, folders: [folder] });
  await writeFile(path.join(manifests, 'README'), '');
  expect(isThere({ VK_DRIVER_FILES: '' })).toBe(false);
  expect(isThere({ VK_DRIVER_FILES: '/x.json' })).toBe(true);
  await writeFile(path.join(manifests, 'x.json'), '{}');
  expect(isThere()).toBe(true);
});

test('TensorFlow that is not set up is mended by its setup, on a GPU after its driver', () => {
  expect(notSetUp('tfjs-node', true).remedy).toBe('assay setup tfjs-node');
  expect(notSetUp('tfjs-node-gpu', true).remedy).toBe('assay setup tfjs-node --gpu');
  const { message, remedy } = notSetUp('tfjs-node-gpu', false);
  expect(message).toBe('nvidia-smi sees no GPU, and @tensorflow/tfjs-node-gpu is not set up here');
  expect(remedy).toBe('install NVIDIA’s driver, 580 or newer, then assay setup tfjs-node --gpu');
});
