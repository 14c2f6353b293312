import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, the longest first: begun last, one of them would be all that runs at the end. */
const longest = [
  'site/built-site',
  'cli/run',
  'cli/optimize',
  'runners/run-again',
  'cli/explain',
  'cli/results-folder',
  'cli/score',
  'cli/task-kinds',
  'chaos/kill-run',
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
