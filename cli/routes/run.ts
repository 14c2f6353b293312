import { buildCommand } from '@stricli/core';
import type { RunFlags } from '../commands/run.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { docsOf } from './docs-of.ts';
import { common, results, suites } from './parameters.ts';
import { bytes } from './bytes.ts';
import { duration } from './duration.ts';
import { wholeNumber } from './whole-number.ts';

export const runRoute = buildCommand<RunFlags, string[], CliContext>({
  loader: lazyCommand('run', async () => (await import('../commands/run.ts')).runCommand),
  parameters: {
    positional: suites,
    flags: {
      ...common,
      results,
      quick: {
        kind: 'boolean',
        brief: 'Fewer and shorter timed processes: finds slowdowns of 5 % and more',
        default: false,
      },
      thorough: {
        kind: 'boolean',
        brief: 'More and longer timed processes: finds smaller changes on noisy machines',
        default: false,
      },
      fresh: {
        kind: 'boolean',
        brief: 'Measure everything again, whatever earlier runs hold',
        default: false,
      },
      breakLock: {
        kind: 'boolean',
        brief: 'Take the results folder over from a run on another machine, once that is gone',
        optional: true,
        withNegated: false,
      },
      sensitivity: {
        kind: 'boolean',
        brief: 'Also score which layers of quantizing variants cost the quality',
        optional: true,
        withNegated: false,
      },
      workers: {
        kind: 'parsed',
        parse: wholeNumber({ least: 1, most: 1024 }),
        brief: 'Threads that evaluate quality, no more than cores or graphics cards',
        optional: true,
        placeholder: 'n',
      },
      timeout: {
        kind: 'parsed',
        parse: duration,
        brief: 'End the run in order after so long, e.g. 30m; what was finished is kept',
        optional: true,
        placeholder: 'time',
      },
      cellTimeout: {
        kind: 'parsed',
        parse: duration,
        brief: 'End a step of a cell after so long, e.g. 90s, whatever its suite says',
        optional: true,
        placeholder: 'time',
      },
      memoryLimit: {
        kind: 'parsed',
        parse: bytes,
        brief: 'End a cell that takes more memory, e.g. 2GiB, whatever its suite says',
        optional: true,
        placeholder: 'size',
      },
    },
  },
  docs: docsOf(
    'Measure suites: quality and latency of every variant on every target',
    'Exit codes: 0 everything measured, 2 bad input, 4 something failed or has no value of the first metric, 130 interrupted.',
  ),
});
