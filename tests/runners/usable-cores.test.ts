import { expect, test } from 'vitest';
import { allowedProcessors, cpuQuota, usableCores } from '../../runners/usable-cores.ts';

type Files = Readonly<Record<string, string>>;

function reading(files: Files): (file: string) => string | null {
  return (file) => files[file] ?? null;
}

test.for<[what: string, quota: number | null, files: Files]>([
  ['none', null, { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' }],
  [
    'its own, of version 2',
    2.5,
    { '/proc/self/cgroup': '0::/a/b\n', '/sys/fs/cgroup/a/b/cpu.max': '250000 100000' },
  ],
  [
    'the least of those above',
    1,
    {
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/a/b/cpu.max': '250000 100000',
      '/sys/fs/cgroup/a/cpu.max': '50000 50000',
    },
  ],
  [
    'of version 1, by a controller of its own',
    1.5,
    {
      '/proc/self/cgroup': '3:cpuset:/\n1:cpu:/job\n0::/\n',
      '/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us': '150000',
      '/sys/fs/cgroup/cpu/job/cpu.cfs_period_us': '100000',
    },
  ],
  [
    'all that a container sees',
    3,
    { '/proc/self/cgroup': '0::/pods/1\n', '/sys/fs/cgroup/cpu.max': '300000 100000' },
  ],
  [
    'none of a folder that is no control group',
    null,
    { '/proc/self/cgroup': '0::/../../pod\n', '/sys/pod/cpu.max': '100000 100000' },
  ],
])('the quota of a process is %s', ([, quota, files]) => {
  expect(cpuQuota(reading(files))).toBe(quota);
});

test('threads have as many cores as affinity and quota leave whole, and at least one', () => {
  const cores = (quota: string): number => usableCores(reading({ '/sys/fs/cgroup/cpu.max': quota }), 4);
  expect(['max 100000', '250000 100000', '50000 100000', '900000 100000'].map(cores)).toEqual([4, 2, 1, 4]);
});

test('processors are those that are allowed, wherever they begin', () => {
  const status = (list: string): Files => ({
    '/proc/self/status': `Name:\tnode\nCpus_allowed_list:\t${list}\n`,
  });
  expect(allowedProcessors(reading(status('4-6,9')))).toEqual([4, 5, 6, 9]);
  expect(allowedProcessors(reading(status('0')))).toEqual([0]);
  expect(allowedProcessors(reading({}))).toBeNull();
});
