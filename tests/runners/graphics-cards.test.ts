import { expect, test } from 'vitest';
import { graphicsCards, type CardEffects } from '../../runners/graphics-cards.ts';
import { runProgramIfThere } from '../../runners/run-program.ts';

function cards(effects: Partial<CardEffects>): string[] {
  return graphicsCards({ platform: 'linux', readText: () => null, runProgram: () => null, ...effects });
}

const filesOf =
  (files: Readonly<Record<string, string>>) =>
  (file: string): string | null =>
    files[file] ?? null;

test('NVIDIA’s program tells name, driver and memory of each card', () => {
  const asked: string[][] = [];
  const runProgram = (program: string, args: readonly string[]): string => {
    asked.push([program, ...args]);
    return 'NVIDIA H100 80GB HBM3, 580.82.07, 81559\nNVIDIA L4, 580.82.07, 23034\n';
  };
  expect(cards({ runProgram })).toEqual([
    'NVIDIA H100 80GB HBM3, driver 580.82.07, 81559 MiB',
    'NVIDIA L4, driver 580.82.07, 23034 MiB',
  ]);
  expect(asked).toEqual([
    ['nvidia-smi', '--query-gpu=name,driver_version,memory.total', '--format=csv,noheader,nounits'],
  ]);
});

test('without it, or where it fails, the kernel tells what it knows', () => {
  const readText = filesOf({
    '/proc/driver/nvidia/version':
      'NVRM version: NVIDIA UNIX x86_64  Kernel Module  550.54.15\nGCC version: 13\n',
  });
  const failing = (): string => 'NVIDIA-SMI has failed because it could not communicate with the driver\n';
  expect(cards({ readText, runProgram: failing })).toEqual(['NVIDIA UNIX x86_64 Kernel Module 550.54.15']);
});

test('Linux tells kernel driver and number of a card, and AMD’s name and memory', () => {
  const readText = filesOf({
    '/sys/class/drm/card0/device/uevent': 'DRIVER=i915\nPCI_CLASS=30000\nPCI_ID=8086:9A49\n',
    '/sys/class/drm/card1/device/uevent': 'DRIVER=amdgpu\nPCI_ID=1002:744C\n',
    '/sys/class/drm/card1/device/product_name': 'Radeon Pro W7900\n',
    '/sys/class/drm/card1/device/mem_info_vram_total': '48301604864\n',
  });
  expect(cards({ readText })).toEqual(['i915 8086:9A49', 'amdgpu 1002:744C Radeon Pro W7900, 46064 MiB']);
});

test('a Mac tells the model and its cores', () => {
  const printed = { SPDisplaysDataType: [{ sppci_model: 'Apple M3 Pro', sppci_cores: '18' }] };
  const runProgram = (): string => JSON.stringify(printed);
  expect(cards({ platform: 'darwin', runProgram })).toEqual(['Apple M3 Pro, 18 cores']);
  expect(cards({ platform: 'darwin', runProgram: () => 'nonsense' })).toEqual([]);
});

test('a program that is not there prints nothing, and neither does one that fails', () => {
  expect(runProgramIfThere('assay-no-such-program', [])).toBeNull();
  expect(runProgramIfThere(process.execPath, ['--version'])).toBe(`${process.version}\n`);
  expect(runProgramIfThere(process.execPath, ['--no-such-flag'])).toBeNull();
});
