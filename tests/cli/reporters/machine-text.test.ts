import { expect, test } from 'vitest';
import { machineText } from '../../../cli/reporters/machine-text.ts';
import { readEnvironment } from '../../../runners/environment.ts';

const environment = readEnvironment({
  runProgram: () => null,
  readText: () => null,
  variables: {},
  nodeFlags: [],
});

test('a machine is told with its instruction sets, cards, quota and settings', () => {
  const text = machineText(
    {
      ...environment,
      cpu: { model: 'Chip', cores: 1, flags: ['avx2', 'fma'], quota: 0.5, governor: 'powersave' },
      memoryBytes: 8e9,
      graphics: ['Card, driver 580, 8192 MiB', 'Other'],
      virtualization: 'KVM',
      settings: { OMP_NUM_THREADS: '1' },
    },
    2e9,
  );
  expect(text.split('\n').slice(0, 5)).toEqual([
    'Processor    Chip, 1 core, a quota of 0.5, governor powersave',
    '             avx2 fma',
    'Memory       8.00 GB, of which 2.00 GB is free',
    'Graphics     Card, driver 580, 8192 MiB',
    'Graphics     Other',
  ]);
  expect(text).toContain(' on KVM\n');
  expect(text).toContain(`onnxruntime-node ${environment.packages['onnxruntime-node']}`);
  expect(text).toContain('Settings     OMP_NUM_THREADS=1');
});

test('what is not known takes no line, but a card that is not seen is told', () => {
  const text = machineText(environment, 1e9);
  expect(text).toContain('Graphics     no card is seen');
  expect(text).not.toMatch(/^Settings/m);
  expect(text).not.toMatch(/^\s*$/m);
});
