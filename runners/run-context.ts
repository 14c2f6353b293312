import type { Clock } from '../core/clock.ts';
import type { Environment } from '../results/environment-schema.ts';
import type { DamagedFile } from '../results/read-runs.ts';
import {
  schemaVersion,
  type CellRecord,
  type GroupRecord,
  type ScenarioRecord,
  type StoredRecord,
  type Subject,
} from '../results/schema.ts';
import type { RunStore } from '../results/store.ts';
import type { Suite } from '../suites/schema.ts';
import type { Target } from '../suites/target.ts';
import type { Foresight } from './check-targets.ts';
import type { AdvisedCode } from './explain/advise-groups.ts';
import type { Form } from './form.ts';
import type { KnownRecords } from './known-records.ts';
import type { Limits } from './limits.ts';

/** What happens in a run, for whoever shows progress. Nothing is sent while a timed region runs. */
export type RunEvent =
  /** Left out of what need not be measured again. */
  | { kind: 'damaged'; damaged: readonly DamagedFile[] }
  /** A target is tried, which a driver that hangs can make long. */
  | { kind: 'probing'; step: string }
  /** More were asked for than are of use. */
  | { kind: 'fewer-workers'; asked: number; workers: number; cores: number }
  | { kind: 'planned'; runId: string; cells: number; groups: number; scenarios: number }
  /** Samples that take no part, as their dataset says of missing values. */
  | { kind: 'rows-dropped'; datasetId: string; rows: number }
  /** What will not be measured as asked, before anything is. */
  | { kind: 'foreseen'; foresights: readonly Foresight[] }
  | { kind: 'advised'; suiteId: string; given: readonly AdvisedCode[] }
  | { kind: 'cell-finished'; record: CellRecord }
  /** Metrics computed from predictions that were there. */
  | { kind: 'scored'; record: CellRecord }
  | { kind: 'layers-started'; modelId: string; variant: string; target: Target }
  | { kind: 'group-started'; subject: Subject }
  | { kind: 'group-finished'; record: GroupRecord }
  /** By times and predictions that were there. */
  | { kind: 'judged'; record: GroupRecord }
  | { kind: 'scenario-finished'; record: ScenarioRecord }
  /** Measured and judged before, and kept. */
  | { kind: 'kept'; record: StoredRecord };

type RecordBase = Pick<
  CellRecord,
  'schemaVersion' | 'id' | 'measurementId' | 'runId' | 'reusedFrom' | 'subject' | 'environment'
>;

/** What every step of one run shares. */
export interface RunContext {
  form: Form;
  /** What a process may take for one cell of a suite. */
  limits: (suite: Suite) => Limits;
  store: RunStore;
  /** What need not be measured again. */
  known: KnownRecords;
  clock: Clock;
  /** Aborted by whoever ends the run, and by `stop`. */
  signal: AbortSignal;
  /** Ends all that is under way after a fault of the run itself. */
  stop: () => void;
  report: (event: RunEvent) => void;
  environment: Environment;
  recordBase: (ids: Pick<RecordBase, 'id' | 'measurementId'>, subject: Subject) => RecordBase;
}

/** The fields that are the same for every record of a run. */
export function recordBaseOf(run: { id: string; environment: Environment }): RunContext['recordBase'] {
  const { id: runId, environment } = run;
  return (ids, subject) => ({ schemaVersion, ...ids, runId, reusedFrom: null, subject, environment });
}
