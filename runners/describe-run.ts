import { execFileSync } from 'node:child_process';
import { systemClock, type Clock } from '../core/clock.ts';
import { hashOf } from '../core/hash.ts';
import { packageRoot } from '../core/package-root.ts';
import type { Environment } from '../results/environment-schema.ts';
import { schemaVersion, type RunRecord } from '../results/schema.ts';
import { readEnvironment } from './environment.ts';
import type { Form } from './form.ts';
import { noLimits, type AskedLimits } from './limits.ts';
import { assayVersion, isOwnRepository } from './own-code.ts';
import type { PlannedSuite } from './plan.ts';

/** What of a request its record tells. */
interface Described {
  form: Form;
  limits?: AskedLimits;
  timeoutMs?: number | null;
}

/** When a run begins, and the machine it says it is on. */
export interface DescribeEffects {
  clock?: Clock;
  environment?: () => Environment;
}

/** The record of a run that begins now: what is asked, with which Assay, and where. */
export function describeRun(
  { form, limits = noLimits, timeoutMs = null }: Described,
  planned: readonly PlannedSuite[],
  { clock = systemClock, environment = readEnvironment }: DescribeEffects = {},
): RunRecord {
  const startedAt = clock.timestamp();
  const groups = planned.flatMap((suite) => suite.groups);
  const suites = planned.map(({ loaded: { portable, given, hash } }) => {
    const { id, title, description } = portable;
    return { id, title, description, hash, given: asJson(given), resolved: asJson(portable) };
  });
  return {
    schemaVersion,
    kind: 'run',
    id: `${startedAt.replace(/[-:]|\.\d+/g, '')}-${hashOf([startedAt, process.pid, suites]).slice(0, 6)}`,
    status: 'running',
    form: form.name,
    limits: { cellTimeoutMs: limits.timeoutMs, cellMemoryBytes: limits.memoryBytes, timeoutMs },
    startedAt,
    finishedAt: null,
    assayVersion: assayVersion(),
    assayRevision: isOwnRepository() ? gitRevision(packageRoot) : null,
    gitRevision: gitRevision(process.cwd()),
    environment: environment(),
    suites,
    planned: {
      cells: groups.reduce((sum, { cells }) => sum + cells.length, 0),
      groups: groups.length,
      scenarios: groups.reduce((sum, { scenarios }) => sum + scenarios.length, 0),
    },
  };
}

type Json = RunRecord['suites'][number]['given'];

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function gitRevision(folder: string): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    // Without a lock on the index, which a run that is cut short would leave.
    const changes = git('--no-optional-locks', 'status', '--porcelain');
    return git('rev-parse', 'HEAD') + (changes === '' ? '' : '+changes');
  } catch {
    return null;
  }
}
