import { Bench } from 'tinybench';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../core/random.ts';
import { meanInterval } from '../../core/statistics/mean-interval.ts';
import { benchstatRule, isSlower } from '../../bench/peers-rules/benchstat.ts';
import { interleaved, meansOfRuns, oneAfterTheOther, separateRuns } from '../../bench/peers-rules/collect.ts';
import { criterionRule } from '../../bench/peers-rules/criterion.ts';
import { githubActionBenchmarkRule } from '../../bench/peers-rules/github-action-benchmark.ts';
import { mannWhitneyP } from '../../bench/peers-rules/mann-whitney.ts';
import { peerRules } from '../../bench/peers-rules/registry.ts';
import { relativeDifference, tachometerRule } from '../../bench/peers-rules/tachometer.ts';
import { tinybenchRule } from '../../bench/peers-rules/tinybench.ts';
import { vitestRule } from '../../bench/peers-rules/vitest.ts';

interface Times {
  baseline: number[];
  variant: number[];
}

/** Times about 1 ms and about `ratio` ms, one in a hundred of spread. */
function quietProcess(seed: number, ratio: number, units = 400): Times {
  const random = createRandom(seed);
  const draw = (centre: number): number[] =>
    Array.from({ length: units }, () => centre * (1 + 0.01 * random.normal()));
  return { baseline: draw(1), variant: draw(ratio) };
}

const process = { baseline: [1, 2, 3, 4], variant: [5, 6, 7, 8] };
const later = { baseline: [9, 9], variant: [7, 8] };

test('a tool that runs one contender after the other sees the first half of one and the second of the other', () => {
  expect(oneAfterTheOther([process])).toEqual({ baseline: [1, 2], variant: [7, 8] });
});

test('a tool that compares runs sees the baseline of one process and the variant of the next', () => {
  expect(separateRuns([process, later])).toEqual({ baseline: [1, 2, 3, 4], variant: [7, 8] });
});

test('a tool that takes turns sees what was recorded', () => {
  expect(interleaved([process])).toEqual(process);
});

test('units are dealt evenly to runs, in order', () => {
  expect(meansOfRuns([1, 2, 3, 4, 5], 2)).toEqual([2, 4.5]);
  expect(meansOfRuns([1, 2], 10)).toEqual([1, 2]);
});

test.each(peerRules)(
  '$name sees a difference of 50 % without noise unless its threshold is above that',
  (rule) => {
    const recorded = [quietProcess(1, 1.5), quietProcess(2, 1.5)].slice(0, rule.processes);
    expect(rule.flags(recorded)).toBe(!rule.name.includes('200 %'));
  },
);

test.each(peerRules)('$name does not call a faster variant slower', (rule) => {
  const recorded = [quietProcess(3, 0.8), quietProcess(4, 0.8)].slice(0, rule.processes);
  expect(rule.flags(recorded)).toBe(false);
});

describe('tinybench', () => {
  test('the installed tinybench gives the mean and the margin of error that the rule compares', async () => {
    const { baseline } = quietProcess(5, 1, 200);
    const interval = meanInterval(baseline, 0.95);
    const { mean, moe } = await replay(baseline);
    expect(mean - moe).toBeCloseTo(interval?.low ?? NaN, 4);
    expect(mean + moe).toBeCloseTo(interval?.high ?? NaN, 4);
  });

  test('intervals that touch are no difference', () => {
    const noisy = { baseline: [1, 2, 1, 2, 1, 2, 1, 2], variant: [1, 2, 1, 2, 1.1, 2.1, 1.1, 2.1] };
    expect(tinybenchRule.flags([noisy])).toBe(false);
  });

  /** Runs the tool on a clock that passes the given milliseconds at each call. */
  async function replay(times: readonly number[]): Promise<{ mean: number; moe: number }> {
    let [nowMs, call] = [0, 0];
    const bench = new Bench({
      iterations: times.length,
      time: 0,
      warmup: false,
      now: () => nowMs,
    });
    bench.add('replayed', () => {
      nowMs += times[call++ % times.length] ?? NaN;
    });
    const [task] = await bench.run();
    if (task?.result.state !== 'completed') throw new Error('tinybench did not complete');
    return task.result.latency;
  }
});

test.each([0, 0.01, 0.05])('vitest at delta %f says what the installed matcher says', (delta) => {
  const rule = vitestRule(delta);
  for (const ratio of [0.99, 1.005, 1.02, 1.06]) {
    const recorded = quietProcess(6, ratio);
    const { baseline, variant } = oneAfterTheOther([recorded]);
    const result = (
      times: readonly number[],
    ): { latency: { mean: number }; throughput: { mean: number } } => {
      const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
      return { latency: { mean }, throughput: { mean: 1 / mean } };
    };
    const matcher = expect(result(variant)) as unknown as Matcher;
    (rule.flags([recorded]) ? matcher : matcher.not).toBeSlowerThan(result(baseline), { delta });
  }
});

interface Matcher {
  toBeSlowerThan: (expected: unknown, options: { delta: number }) => void;
  not: Matcher;
}

describe('tachometer', () => {
  test('the interval of a relative difference of unpaired means is that of the delta method', () => {
    // Means 2 and 3, variances of the means 1/3 each: centre 1/2, variance (4/3 + 9/3) / 16, t of 2 degrees 4.302653.
    const { low, high } = relativeDifference({ baseline: [1, 2, 3], variant: [2, 3, 4] });
    expect((low + high) / 2).toBeCloseTo(0.5, 12);
    expect((high - low) / 2).toBeCloseTo(4.302652729911275 * Math.sqrt(13 / 3 / 16), 9);
  });

  test('looking again and again finds a difference between equals far more often than 1 time in 40', () => {
    let flagged = 0;
    for (let seed = 0; seed < 100; seed++) if (tachometerRule.flags([quietProcess(seed, 1, 600)])) flagged++;
    expect(flagged / 100).toBeGreaterThan(0.08);
  });
});

describe('criterion', () => {
  test('a proven change within the noise threshold is not reported', () => {
    expect(criterionRule.flags([quietProcess(1, 1.008), quietProcess(2, 1.008)])).toBe(false);
    expect(criterionRule.flags([quietProcess(1, 1.02), quietProcess(2, 1.02)])).toBe(true);
  });
});

/** Nanoseconds an operation, and what `benchstat -format csv` of golang.org/x/perf v0.0.0-20260908200009 prints for them. */
const benchstatCases = [
  {
    before: [994.9, 1010.2, 995.5, 993.7, 981.4, 995.7, 1022.2, 1008.5, 1020.7, 1005],
    after: [1007.9, 1003.7, 966.7, 1017.1, 1010.1, 1010, 966.2, 965.1, 982.2, 990.6],
    printed: '~',
    p: 0.28,
  },
  {
    before: [983.8, 1004.9, 1008.5, 970.2, 1001, 1026.1, 959.7, 993.6, 997.9, 983.7],
    after: [1029.9, 1018.8, 990.7, 1036.6, 1033.4, 1038.9, 1048.8, 1027.2, 1022.4, 994],
    printed: '+3.29%',
    p: 0.004,
  },
  {
    before: [1004.9, 1008.7, 1031.9, 1012.4, 1010.4, 1011, 968.6, 1025.6, 1019.1, 1010.6],
    after: [940.5, 967.3, 996.8, 943.8, 976.3, 1000.4, 953.8, 1012.2, 991, 977],
    printed: '-3.38%',
    p: 0.002,
  },
  {
    before: [1003.2, 1006.5, 1001.2, 1011.5, 993.4, 995.9],
    after: [1040.4, 1030.3, 1021.2, 1039.5, 1044.7, 1025.6],
    printed: '+3.26%',
    p: 0.002,
  },
  {
    before: [980, 1000, 1000, 1000, 1020, 990, 1020, 980, 990, 1010],
    after: [1030, 1030, 1020, 1020, 1020, 1020, 1010, 1020, 1020, 1020],
    printed: '+2.00%',
    p: 0.001,
  },
];

describe('benchstat', () => {
  test.each(benchstatCases)(
    'prints $printed with p=$p, and the rule agrees',
    ({ before, after, printed, p }) => {
      expect(Math.abs(mannWhitneyP(before, after) - p)).toBeLessThan(0.0005);
      expect(isSlower(before, after)).toBe(printed.startsWith('+'));
    },
  );

  test('the exact p is that of SciPy 1.17', () => {
    expect(mannWhitneyP([1.1, 2.3, 3.7, 4.9, 5.2], [2.9, 4.1, 6.3, 7.7, 8.8, 9.1])).toBeCloseTo(
      0.08225108225108226,
      12,
    );
  });

  test('runs of a quiet machine tell 2 % apart', () => {
    expect(benchstatRule.flags([quietProcess(7, 1.02), quietProcess(8, 1.02)])).toBe(true);
  });
});

test('github-action-benchmark alerts above its threshold only', () => {
  const recorded = [
    { baseline: [1, 1], variant: [] },
    { baseline: [], variant: [1.5, 2.5] },
  ];
  expect(githubActionBenchmarkRule(200).flags(recorded)).toBe(false);
  expect(githubActionBenchmarkRule(199).flags(recorded)).toBe(true);
});
