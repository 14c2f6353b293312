import path from 'node:path';
import { sha256 } from '../core/hash.ts';
import type { BatchInvariance } from '../results/quality-schema.ts';
import type { CellRecord, PredictionsFile } from '../results/schema.ts';
import type { Warning } from '../results/warning-schema.ts';
import type { Predictions } from '../tasks/predictions.ts';
import type { TaskOptions } from '../tasks/task-options.ts';
import { changeOf } from './held-artifacts.ts';
import { knownPredictions, originOf, type KnownRecord } from './known-records.ts';
import { predictionsId } from './measurement-id.ts';
import { modelOf, subjectOf } from './plan.ts';
import { failureOf, type Host, type TaskOutcome } from './pool/supervise.ts';
import type { EvaluateResult } from './pool/task.ts';
import type { PreparedCell, PreparedGroup } from './prepare-cells.ts';
import type { RunContext, RunEvent } from './run-context.ts';
import { doubtOfMetric, type Scores } from './scores.ts';
import { taskOf } from './task-of.ts';

/** What a cell predicted, and the hash of the file it is kept in. */
export interface KeptPredictions {
  predictions: Predictions;
  sha256: string;
}

/** A cell's record, what it predicted where it could, and how to tell of it. */
export interface Evaluated {
  record: CellRecord;
  kept: KeptPredictions | null;
  event: Extract<RunEvent, { record: CellRecord }>['kind'] | 'kept';
}

type ReadyCell = PreparedCell & { plan: Extract<PreparedCell['plan'], { status: 'ready' }> };

/** A cell with what its evaluation is asked. */
interface Question {
  group: PreparedGroup;
  cell: ReadyCell;
  task: TaskOptions;
  measurementId: string;
}

/** Predictions as they are kept in this run's folder. */
interface Stored {
  kept: KeptPredictions;
  file: PredictionsFile;
  batchInvariance: BatchInvariance | null;
  /** About them, whatever is computed from them. */
  doubts: readonly Warning[];
  /** The run they were made in, where that is another. */
  reusedFrom: string | null;
}

/** What came of asking a model; nothing is stored where it failed. */
interface Predicted {
  evaluated: Evaluated;
  stored: Stored | null;
}

type Failed = Exclude<TaskOutcome<never>, { status: 'done' }>;

/**
 * Evaluates the cells of a run. A model predicts only what was not predicted before, in this run or an earlier one, under
 * the same conditions; metrics are then computed from what is kept.
 */
export class CellEvaluation {
  readonly #host: Host;
  readonly #context: RunContext;
  /** By measurement: two suites may ask for the same predictions. */
  readonly #underWay = new Map<string, Promise<Predicted>>();

  constructor(host: Host, context: RunContext) {
    this.#host = host;
    this.#context = context;
  }

  async evaluate(group: PreparedGroup, cell: PreparedCell): Promise<Evaluated> {
    const { plan } = cell;
    if (plan.status !== 'ready') {
      const finish = this.#begin(group, cell, null);
      return { record: finish({ outcome: plan, warnings: [] }), kept: null, event: 'cell-finished' };
    }
    const question = this.#questionOf(group, { ...cell, plan });
    return (await this.#recall(question)) ?? this.#share(question);
  }

  #questionOf(group: PreparedGroup, cell: ReadyCell): Question {
    const { planned } = group;
    const { environment } = this.#context;
    const task = taskOf(planned.loaded.suite.task, modelOf(planned, cell.job), cell.plan.artifact.format);
    const measurementId = predictionsId(cell.variant, task, {
      planned,
      target: cell.job.target,
      environment,
    });
    return { group, cell, task, measurementId };
  }

  /** From an earlier run: the record itself where the same was asked, else its predictions. */
  async #recall(question: Question): Promise<Evaluated | null> {
    const { job } = question.cell;
    const known = this.#context.known.find('cell', { measurementId: question.measurementId, id: job.id });
    if (known === null) return null;
    const stored = await this.#takeOver(known, question);
    if (stored === null) return null;
    return known.record.id === job.id ? this.#keep(known, stored, question) : this.#score(stored, question);
  }

  /** Puts a copy of known predictions into this run's folder; null where their file is not what it was. */
  async #takeOver(known: KnownRecord<CellRecord>, { measurementId }: Question): Promise<Stored | null> {
    const { store } = this.#context;
    const found = await knownPredictions(known);
    if (found === null || known.record.outcome.status !== 'measured') return null;
    const isHere = known.runFolder === store.folder;
    const file = isHere ? found.stored.file : await store.savePredictions(measurementId, found.bytes);
    return {
      kept: { predictions: found.predictions, sha256: found.stored.sha256 },
      file: { ...found.stored, file },
      batchInvariance: known.record.outcome.batchInvariance,
      doubts: known.record.warnings.filter(({ code }) => code !== doubtOfMetric),
      reusedFrom: originOf(known, store),
    };
  }

  #keep(known: KnownRecord<CellRecord>, { kept, file, reusedFrom }: Stored, question: Question): Evaluated {
    const { record } = known;
    const base = this.#base(question.group, question.cell, question.measurementId);
    const { environment } = record;
    const outcome =
      record.outcome.status === 'measured' ? { ...record.outcome, predictions: file } : record.outcome;
    return { record: { ...record, ...base, environment, reusedFrom, outcome }, kept, event: 'kept' };
  }

  /** Predicts, or waits for a cell of another suite that asked for the same first. */
  async #share(question: Question): Promise<Evaluated> {
    const first = this.#underWay.get(question.measurementId);
    if (first !== undefined) {
      const { stored } = await first;
      // What failed there fails here, too, with a reason of its own.
      return stored === null ? (await this.#predict(question)).evaluated : this.#score(stored, question);
    }
    const predicting = this.#predict(question);
    this.#underWay.set(question.measurementId, predicting);
    return (await predicting).evaluated;
  }

  async #predict(question: Question): Promise<Predicted> {
    const { group, cell, task, measurementId } = question;
    const finish = this.#begin(group, cell, measurementId);
    const limits = this.#limitsOf(group);
    const { memoryBytes } = limits;
    const { artifact, sizeBytes } = cell.plan;
    const { target } = cell.job;
    const { dataset } = group.planned.loaded.suite;
    const ended = await this.#host.run(
      { kind: 'evaluate', target, artifact, sizeBytes, memoryBytes, dataset, task, ...scoringOf(group) },
      limits,
    );
    if (ended.status !== 'done') return { evaluated: failed(finish, ended), stored: null };
    const change = await changeOf(cell);
    if (change !== null) return { evaluated: failed(finish, change), stored: null };
    const stored = await this.#store(measurementId, ended.result);
    return { evaluated: scored(finish, stored, ended.result), stored };
  }

  async #store(
    measurementId: string,
    { predictions, batchInvariance, doubts }: EvaluateResult,
  ): Promise<Stored> {
    const { encodePredictions } = await import('../tasks/predictions-parquet.ts');
    const parquet = encodePredictions(predictions);
    const file = await this.#context.store.savePredictions(measurementId, parquet);
    const hash = sha256(parquet);
    return {
      kept: { predictions, sha256: hash },
      file: { file, sha256: hash, sizeBytes: parquet.length },
      batchInvariance,
      doubts,
      reusedFrom: null,
    };
  }

  async #score(stored: Stored, question: Question): Promise<Evaluated> {
    const { group, cell, measurementId } = question;
    const finish = this.#begin(group, cell, measurementId);
    const file = path.resolve(this.#context.store.folder, stored.file.file);
    const ended = await this.#host.run(
      { kind: 'score-stored', file, ...scoringOf(group) },
      this.#limitsOf(group),
    );
    if (ended.status !== 'done') return failed(finish, ended);
    return { ...scored(finish, stored, ended.result), event: 'scored' };
  }

  #limitsOf({ planned }: PreparedGroup): ReturnType<RunContext['limits']> {
    return this.#context.limits(planned.loaded.suite);
  }

  #base(
    { planned, group }: PreparedGroup,
    { job, variant }: PreparedCell,
    measurementId: string | null,
  ): Omit<CellRecord, 'kind' | 'startedAt' | 'durationMs' | 'outcome' | 'warnings'> {
    return { ...this.#context.recordBase({ id: job.id, measurementId }, subjectOf(planned, group)), variant };
  }

  /** Starts the clock; gives what makes the record when it stops. */
  #begin(group: PreparedGroup, cell: PreparedCell, measurementId: string | null): Finish {
    const { clock } = this.#context;
    const startedAt = clock.timestamp();
    const start = clock.nowMs();
    return ({ outcome, warnings, reusedFrom = null }) => ({
      ...this.#base(group, cell, outcome.status === 'measured' ? measurementId : null),
      kind: 'cell',
      reusedFrom,
      startedAt,
      durationMs: clock.nowMs() - start,
      outcome,
      warnings,
    });
  }
}

type Finish = (
  rest: Pick<CellRecord, 'outcome' | 'warnings'> & Partial<Pick<CellRecord, 'reusedFrom'>>,
) => CellRecord;

function scoringOf({ planned }: PreparedGroup): { metrics: readonly string[]; level: number; seed: number } {
  const { metrics, policy, timing } = planned.loaded.suite;
  return { metrics, level: 1 - policy.alpha, seed: timing.seed };
}

function failed(finish: Finish, ended: Failed): Evaluated {
  const record = finish({ outcome: failureOf(ended), warnings: [] });
  return { record, kept: null, event: 'cell-finished' };
}

function scored(
  finish: Finish,
  { kept, file, batchInvariance, doubts, reusedFrom }: Stored,
  { metrics, confusion, labelConfusion, warnings }: Scores,
): Evaluated {
  const scores = { metrics, confusion, labelConfusion };
  const outcome = { status: 'measured', ...scores, predictions: file, batchInvariance } as const;
  const record = finish({ outcome, warnings: [...warnings, ...doubts], reusedFrom });
  return { record, kept, event: 'cell-finished' };
}
