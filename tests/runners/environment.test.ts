import { expect, test } from 'vitest';
import { environmentSchema } from '../../results/environment-schema.ts';
import { readEnvironment } from '../../runners/environment.ts';

const files: Readonly<Record<string, string>> = {
  '/proc/cpuinfo':
    'processor : 0\nflags : fpu sse avx2 fma avx512f avx512_vnni amx_int8 hypervisor\nprocessor : 1\nflags : fpu\n',
  '/sys/class/dmi/id/sys_vendor': 'Example Cloud\n',
  '/sys/fs/cgroup/cpu.max': '150000 100000\n',
  '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'performance\n',
  '/sys/class/drm/card1/device/uevent': 'DRIVER=i915\nPCI_CLASS=30000\nPCI_ID=8086:9A49\n',
  '/proc/driver/nvidia/version':
    'NVRM version: NVIDIA UNIX x86_64  Kernel Module  550.54.15\nGCC version: 13\n',
};

const bareEffects = { runProgram: () => null, platform: 'linux', variables: {}, nodeFlags: [] } as const;

function read(
  changes: Readonly<Record<string, string>> = {},
  variables = {},
): ReturnType<typeof readEnvironment> {
  const all = { ...files, ...changes };
  const readText = (file: string): string | null => all[file] ?? null;
  return readEnvironment({ ...bareEffects, readText, variables });
}

test('an environment tells processor, quota, governor, graphics and settings', () => {
  const variables = {
    OMP_NUM_THREADS: '4',
    VK_ICD_FILENAMES: '/home/someone/lvp_icd.json',
    API_KEY: 'secret',
  };
  const environment = read({}, { ...variables, NODE_OPTIONS: '--jitless --import=/home/someone/x.js' });
  expect(environment.cpu).toMatchObject({
    flags: ['amx_int8', 'avx2', 'avx512_vnni', 'avx512f', 'fma'],
    quota: 1.5,
    governor: 'performance',
  });
  expect(environment).toMatchObject({
    virtualization: 'Example Cloud',
    graphics: ['i915 8086:9A49', 'NVIDIA UNIX x86_64 Kernel Module 550.54.15'],
    settings: { OMP_NUM_THREADS: '4', VK_ICD_FILENAMES: 'lvp_icd.json', node: '--jitless' },
  });
  expect(JSON.stringify(environment)).not.toMatch(/secret|someone/);
});

test('what a platform does not tell is null or empty, and the record is valid', () => {
  const bare = readEnvironment({ ...bareEffects, readText: () => null });
  expect(bare).toMatchObject({
    cpu: { flags: [], quota: null, governor: null },
    virtualization: null,
    graphics: [],
    settings: {},
  });
  expect(environmentSchema.parse(bare)).toEqual(bare);
  expect(environmentSchema.parse(readEnvironment())).toBeTruthy();
});

test('a control group without a quota has none, of either version', () => {
  expect(read({ '/sys/fs/cgroup/cpu.max': 'max 100000\n' }).cpu.quota).toBeNull();
  const old = {
    '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
    '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
  };
  const readText = (file: string): string | null => (old as Readonly<Record<string, string>>)[file] ?? null;
  expect(readEnvironment({ ...bareEffects, readText }).cpu.quota).toBeNull();
});

test('the fingerprint is the same for the same machine and changes with each thing that decides speed', () => {
  const same = read().fingerprint;
  expect(read().fingerprint).toBe(same);
  const others = [
    read({ '/proc/cpuinfo': 'flags : fpu avx2 hypervisor\n' }),
    read({ '/sys/fs/cgroup/cpu.max': '200000 100000\n' }),
    read({ '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'powersave\n' }),
    read({ '/proc/driver/nvidia/version': 'NVRM version: 560\n' }),
    read({}, { OMP_NUM_THREADS: '1' }),
  ].map(({ fingerprint }) => fingerprint);
  expect(new Set([same, ...others]).size).toBe(6);
});
