import { benchstatRule } from './benchstat.ts';
import { criterionRule } from './criterion.ts';
import { githubActionBenchmarkRule } from './github-action-benchmark.ts';
import type { PeerRule } from './rule.ts';
import { tachometerRule } from './tachometer.ts';
import { tinybenchRule } from './tinybench.ts';
import { vitestRule } from './vitest.ts';

/** Every rule as its tool has it by default, and where it takes a threshold, also set so that it could see 2 %. */
export const peerRules: readonly PeerRule[] = [
  tinybenchRule,
  vitestRule(0),
  vitestRule(0.01),
  tachometerRule,
  criterionRule,
  benchstatRule,
  githubActionBenchmarkRule(200),
  githubActionBenchmarkRule(102),
];
