import { expect, test } from 'vitest';
import { compareTargets } from '../../cli/commands/compare-targets.ts';
import { makeRun } from '../fakes/stored-runs.ts';

const [cells, scenarios] = [4, 0];

test.for([
  [
    0,
    'complete',
    'Run r holds no model with outputs on several targets.',
    'name several targets in a suite, then assay run',
  ],
  [
    2,
    'timed-out',
    'Run r holds no model with outputs on several targets: it is timed-out, with 0 of 2 groups compared.',
    'give the command of the run again, which goes on with what is missing',
  ],
] as const)(
  'of %i planned groups and a run that is %s, nothing is compared',
  ([groups, status, message, hint]) => {
    const run = makeRun({ id: 'r', status, planned: { cells, groups, scenarios } });
    const compare = (): unknown => compareTargets({ file: 'run.json', run, records: [], damaged: [] });
    expect(compare).toThrow(expect.objectContaining({ message, hint }) as Error);
  },
);
