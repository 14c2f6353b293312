import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, the longest first: begun last, one of them would be all that runs at the end. */
const longest = [
  'cli/run',
  'cli/optimize',
  'site/built-site',
  'runners/run-again',
  'cli/commands',
  'cli/explain',
  'cli/results-folder',
  'chaos/kill-run',
  'webgpu/tfjs-webgpu',
  'fuzz/fuzz',
  'cli/task-kinds',
  'exports/suite',
  'cli/containment',
  'cli/interrupt',
  'cli/score',
  'webgpu/webgpu',
  'models/passes/prune-structures',
  'models/passes/structure/unit-budget',
  'models/passes/calibration-memory',
];

/** Orders files as they are known to take long, on a machine that has not run them yet, too. */
export default class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const name = path.relative(import.meta.dirname, moduleId).replace('.test.ts', '');
      return longest.includes(name) ? longest.indexOf(name) : longest.length;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
