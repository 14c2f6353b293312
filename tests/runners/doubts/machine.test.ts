import { expect, test } from 'vitest';
import { doubtsBetween } from '../../../runners/doubts/machine-doubts.ts';
import { readMachineState, type MachineState } from '../../../runners/doubts/machine-state.ts';

const situation = { form: 'default', threads: 1, device: 'cpu' } as const;

const coreLines = 'cpu0 500 0 250 4000 0 0 0 50 0 0\ncpu1 500 0 250 4000 0 0 0 50 0 0\n';

/** A Linux machine of two cores whose counters stand where they are told to. */
function machine(files: Readonly<Record<string, string>> = {}): MachineState {
  const all: Readonly<Record<string, string>> = {
    '/proc/stat': `cpu  1000 0 500 8000 0 0 0 100 0 0\n${coreLines}`,
    '/proc/self/stat': '77 (node (assay)) S 1 77 77 0 -1 4194304 9 9 0 0 300 50 200 50 20 0 11 0 5 1 1\n',
    '/proc/thread-self/children': '90 91 ',
    '/proc/90/stat': '90 (node) S 77 77 77 0 -1 4194304 9 9 0 0 40 10 0 0 20 0 11 0 5 1 1\n',
    '/proc/self/cgroup': '0::/work.slice\n',
    '/sys/fs/cgroup/work.slice/cpu.stat':
      'usage_usec 12\nnr_periods 9\nnr_throttled 3\nthrottled_usec 20000\n',
    '/proc/vmstat': 'pgpgin 5\npswpin 10\npswpout 20\n',
    '/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count': '4\n',
    '/sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count': '1\n',
    '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'performance\n',
    '/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor': 'performance\n',
    ...files,
  };
  return readMachineState((file) => all[file] ?? null, { load: 0.5, cores: 2 });
}

function codes(after: MachineState, before = machine()): string[] {
  return doubtsBetween(before, after, situation).map(({ code }) => code);
}

test('the state holds every counter the platform tells', () => {
  expect(machine()).toEqual({
    load: 0.5,
    cores: 2,
    cpu: { total: 9600, busy: 1500, steal: 100, cores: 2 },
    ownCpu: 650,
    throttling: { times: 3, ms: 20 },
    swappedPages: 30,
    thermalEvents: 5,
    governors: ['performance'],
  });
});

test('what the platform does not tell is null and raises no doubt', () => {
  const bare = readMachineState(() => null, { load: 0.5, cores: 2 });
  expect(bare).toEqual({
    load: 0.5,
    cores: 2,
    cpu: null,
    ownCpu: null,
    throttling: null,
    swappedPages: null,
    thermalEvents: null,
    governors: [],
  });
  expect(codes(bare, bare)).toEqual([]);
  expect(codes(machine())).toEqual([]);
});

test('files that are there but say something else are as good as absent', () => {
  const odd = readMachineState(() => 'nonsense', { load: 0, cores: 1 });
  expect(odd).toMatchObject({ cpu: null, throttling: null, swappedPages: null });
});

const version1 = 'nr_periods 2\nnr_throttled 7\nthrottled_time 1500000\n';

test.each([
  ['alone', '4:memory:/box\n2:cpu,cpuacct:/box\n0::/\n', ['cpu,cpuacct']],
  ['in two folders, once,', '2:cpu,cpuacct:/box\n', ['cpu,cpuacct', 'cpu']],
])('a control group of version 1 %s tells its throttling in nanoseconds', (_, groups, mounts) => {
  const stats = mounts.map((mount) => [`/sys/fs/cgroup/${mount}/box/cpu.stat`, version1] as const);
  const state = machine({ '/proc/self/cgroup': groups, ...Object.fromEntries(stats) });
  expect(state.throttling).toEqual({ times: 7, ms: 1.5 });
});

test('a process is stopped for the quotas of the control groups that it lies in, too', () => {
  const state = machine({
    '/proc/self/cgroup': '0::/work.slice/job\n',
    '/sys/fs/cgroup/work.slice/job/cpu.stat': 'nr_periods 0\nnr_throttled 0\nthrottled_usec 0\n',
  });
  expect(state.throttling).toEqual({ times: 3, ms: 20 });
});

test('a container that sees only its own group reads that one', () => {
  const state = machine({
    '/proc/self/cgroup': '0::/kubepods/pod1\n',
    '/sys/fs/cgroup/cpu.stat': 'nr_periods 2\nnr_throttled 7\nthrottled_usec 9000\n',
  });
  expect(state.throttling).toEqual({ times: 7, ms: 9 });
});

test('steal is a doubt above 1 % of the CPU time', () => {
  const stolen = (jiffies: number): MachineState =>
    machine({ '/proc/stat': `cpu  1000 0 500 ${9000 - jiffies} 0 0 0 ${100 + jiffies} 0 0\n` });
  expect(codes(stolen(10))).toEqual([]);
  expect(codes(stolen(11))).toEqual(['cpu-steal']);
});

test('throttling, heat and swapping while timed are doubts with their figures', () => {
  const after = machine({
    '/sys/fs/cgroup/work.slice/cpu.stat': 'nr_periods 19\nnr_throttled 5\nthrottled_usec 95000\n',
    '/proc/vmstat': 'pswpin 10\npswpout 121\n',
    '/sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count': '2\n',
  });
  expect(doubtsBetween(machine(), after, situation).map(({ code, detail }) => [code, detail])).toEqual([
    [
      'cpu-throttled',
      'The control group used up its CPU quota 2 times and was stopped for 75 ms while this was timed.',
    ],
    ['swapping', '101 pages of memory moved to or from the disk while this was timed.'],
    ['thermal-throttling', 'Cores lowered their clock rate for heat 1 times while this was timed.'],
  ]);
});

test('a governor that saves power is named', () => {
  const after = machine({ '/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor': 'powersave\n' });
  const [doubt] = doubtsBetween(machine(), after, situation);
  expect(doubt).toMatchObject({ code: 'cpu-governor', detail: 'The frequency governor is powersave.' });
});

test('governors are those of the processors that this process may run on', () => {
  const files = {
    '/proc/self/status': 'Cpus_allowed_list:\t7\n',
    '/sys/devices/system/cpu/cpu7/cpufreq/scaling_governor': 'powersave\n',
  };
  expect(machine(files).governors).toEqual(['powersave']);
});

test('other programs that leave too few cores are a doubt; the work of our own processes is none', () => {
  const later = (jiffies: number, own: number): MachineState =>
    machine({
      '/proc/stat': `cpu  ${1000 + jiffies} 0 500 ${10_000 - jiffies} 0 0 0 100 0 0\n${coreLines}`,
      '/proc/self/stat': `77 (node) S 1 77 77 0 -1 4194304 9 9 0 0 300 50 ${200 + own} 50 20 0 11 0 5 1 1\n`,
      // It has ended, and its time is now counted with that of the ended ones.
      '/proc/thread-self/children': '',
    });
  // 2000 jiffies of two cores: a core is 1000 of them.
  expect(codes(later(1900, 50 + 900))).toEqual([]);
  expect(codes(later(1900, 50 + 1900))).toEqual([]);
  const [doubt] = doubtsBetween(machine(), later(2000, 50 + 700), situation);
  expect(doubt).toMatchObject({
    code: 'high-load',
    detail: 'Other programs used 1.3 of 2 cores while this was timed.',
  });
  // The load average counts what we ourselves ran before.
  expect(codes({ ...later(1000, 50 + 1000), load: 9 }, { ...machine(), load: 9 })).toEqual([]);
});

test('where CPU time is not told, load above the number of cores is a doubt, whose advice knows the threads', () => {
  const busy = { ...readMachineState(() => null, { load: 2.5, cores: 2 }) };
  const [single] = doubtsBetween(busy, busy, situation);
  const [several] = doubtsBetween(busy, busy, { ...situation, threads: 4 });
  expect(single).toMatchObject({
    code: 'high-load',
    detail: 'The load average was 2.5 on 2 cores when timing began.',
    advice: 'stop what else runs here, or trust the paired ratios and not the absolute latencies',
  });
  expect(several?.advice).toContain('with 4 threads');
  expect(codes({ ...busy, load: 2 }, { ...busy, load: 2 })).toEqual([]);
});

test('no advice asks for what was done already', () => {
  const after = machine({ '/proc/stat': 'cpu  1000 0 500 8000 0 0 0 900 0 0\n' });
  const adviceIn = (form: 'quick' | 'default' | 'thorough'): string =>
    doubtsBetween(machine(), after, { ...situation, form })[0]?.advice ?? '';
  expect(adviceIn('quick')).toContain('run without --quick');
  expect(adviceIn('default')).toContain('run with --thorough');
  expect(adviceIn('default')).not.toContain('--quick');
  expect(adviceIn('thorough')).not.toContain('--');
});
