import { sharedCompileCache } from '../../core/compile-cache.ts';
import { AssayError } from '../../core/errors.ts';
import { siblingModule } from '../../core/package-root.ts';
import { forkChild, reasonOf, type Child, type ChildEnd, type ProcessFailure } from '../child.ts';
import { freeMemoryBytes, type Limits } from '../limits.ts';
import { codeOfError } from '../out-of-memory.ts';
import type { RunnerKind } from '../../suites/target.ts';
import type { HostReply, ResultOf, WorkerTask } from './task.ts';

/** How a task ended; a crash or a timeout is an outcome of the task, never of the run. */
export type TaskOutcome<Result> =
  | { status: 'done'; result: Result }
  /** What was asked is at fault; the error is as it was thrown in the worker. */
  | { status: 'refused'; error: AssayError }
  | ProcessFailure;

/** In MiB, for each thread: V8 begins with so little that it looks through a heap of 20 MiB again and again while it grows. */
const roomyHeap = ['--initial-old-space-size=64'];

type NotDone = Exclude<TaskOutcome<never>, { status: 'done' }>;

/** As records tell it. */
export function failureOf(outcome: NotDone): ProcessFailure {
  if (outcome.status === 'failed') return outcome;
  return { status: 'failed', code: 'error', reason: outcome.error.message, stderrTail: null };
}

export interface HostOptions {
  /** Worker threads, and so tasks at a time. */
  workers: number;
  /** Of a task that brings no limits of its own. */
  timeoutMs: number;
  /** Whose cells will be evaluated: the process starts at once and loads what that takes; left out, it starts when it is first asked. */
  runners?: readonly RunnerKind[];
}

/** Runs tasks in the host process and restarts it when it dies. */
export interface Host {
  run<Task extends WorkerTask>(task: Task, limits?: Limits): Promise<TaskOutcome<ResultOf<Task>>>;
  /** Kills the process; what is not done, or is asked for later, fails. */
  close: () => void;
  /** Resolves once the process has ended that was closed: until then it holds memory, that of graphics cards too. */
  closed: () => Promise<void>;
}

interface Entry {
  task: WorkerTask;
  limits: Limits;
  settle: (outcome: TaskOutcome<ResultOf<WorkerTask>>) => void;
  /** Was in flight when a host died and may be why, or was late beside others: runs by itself, to find out. */
  isSuspect: boolean;
}

interface Flight {
  entry: Entry;
  timer: NodeJS.Timeout;
  /** No other task was in flight meanwhile: what the host said is about this one. */
  isAlone: boolean;
  isLate: boolean;
  /** Of the host's stderr, when it was sent. */
  saidBefore: number;
}

export function startHost({ workers, timeoutMs, runners = [] }: HostOptions): Host {
  const usual: Limits = { timeoutMs, memoryBytes: freeMemoryBytes() };
  const supervisor = new Supervisor({ workers, runners }, usual.memoryBytes);
  if (runners.length > 0) supervisor.start();
  return {
    run: (task, limits = usual) =>
      new Promise((resolve) => {
        const settle = resolve as (outcome: TaskOutcome<ResultOf<WorkerTask>>) => void;
        supervisor.add({ task, limits, settle, isSuspect: false });
      }),
    close: () => {
      supervisor.close();
    },
    closed: () => supervisor.closed(),
  };
}

class Supervisor {
  readonly #workers: number;
  readonly #runners: readonly RunnerKind[];
  /** Of the process, whatever its tasks may take. */
  readonly #mostBytes: number;
  readonly #waiting: Entry[] = [];
  readonly #inFlight = new Map<number, Flight>();
  #child: Child | null = null;
  /** The host has finished a task, which may have left it larger or damaged. */
  #isUsed = false;
  #nextNumber = 0;
  #isClosed = false;

  constructor({ workers, runners }: Required<Pick<HostOptions, 'workers' | 'runners'>>, mostBytes: number) {
    this.#workers = workers;
    this.#runners = runners;
    this.#mostBytes = mostBytes;
  }

  /** Before anything is asked. */
  start(): void {
    this.#child ??= this.#startChild();
  }

  add(entry: Entry): void {
    if (this.#isClosed) {
      entry.settle(this.#ended());
      return;
    }
    this.#waiting.push(entry);
    this.#dispatch();
  }

  /** Ends the host; whatever was not done by then fails, now and later, and nothing is left that keeps the CLI alive. */
  close(): void {
    this.#isClosed = true;
    this.#kill();
    for (const number of [...this.#inFlight.keys()]) this.#finish(number, this.#ended());
    for (const { settle } of this.#waiting.splice(0)) settle(this.#ended());
  }

  async closed(): Promise<void> {
    await this.#child?.ended;
  }

  #ended(): ProcessFailure {
    return failure('error', 'the runner host was ended before this was done');
  }

  #dispatch(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#hasRoomFor(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#send(next);
    }
  }

  #hasRoomFor(entry: Entry): boolean {
    const flights = [...this.#inFlight.values()];
    if (flights.some((flying) => flying.entry.isSuspect)) return false;
    return flights.length < (entry.isSuspect ? 1 : this.#workers);
  }

  #send(entry: Entry): void {
    const number = this.#nextNumber++;
    const timer = setTimeout(() => {
      this.#onLate(number);
    }, entry.limits.timeoutMs);
    this.#child ??= this.#startChild();
    this.#child.forgetMemory();
    const isAlone = this.#inFlight.size === 0;
    for (const other of this.#inFlight.values()) other.isAlone = false;
    const saidBefore = this.#child.saidSoFar();
    this.#inFlight.set(number, { entry, timer, isAlone, isLate: false, saidBefore });
    this.#child.process.send({ number, task: entry.task });
  }

  #startChild(): Child {
    this.#isUsed = false;
    const child = forkChild(siblingModule(import.meta.url, './host'), {
      args: [String(this.#workers), ...this.#runners],
      nodeOptions: roomyHeap,
      env: sharedCompileCache(),
      memoryLimit: () => this.#memoryLimit(),
    });
    child.process.on('message', (reply: HostReply) => {
      void this.#onReply(child, reply);
    });
    void child.ended.then((end) => {
      this.#onDeath(child, end);
    });
    return child;
  }

  /** Tasks in flight share the process: what each of them may take. Beyond it, who takes too much is found by running each alone. */
  #memoryLimit(): number {
    const flights = [...this.#inFlight.values()];
    return Math.min(...flights.map(({ entry }) => entry.limits.memoryBytes), this.#mostBytes);
  }

  async #onReply(child: Child, reply: HostReply): Promise<void> {
    clearTimeout(this.#inFlight.get(reply.number)?.timer);
    // Its death tells what becomes of the task: what a limit gives does not depend on when memory was looked at.
    if (await child.isBeyondMemory()) return;
    this.#isUsed = true;
    // An answer that crosses the end of its time is late: what a limit gives depends on the limit alone.
    if (this.#inFlight.get(reply.number)?.isLate !== true) this.#finish(reply.number, outcomeOf(reply));
    this.#dispatch();
  }

  /** The outcome waits for the end of the process: only then is all read that it said. */
  #onLate(number: number): void {
    const late = this.#inFlight.get(number);
    if (late === undefined) return;
    late.isLate = true;
    this.#kill();
  }

  #kill(): void {
    this.#child?.process.kill('SIGKILL');
  }

  #onDeath(child: Child, end: ChildEnd): void {
    if (this.#isClosed) return;
    this.#child = null;
    const lost = [...this.#inFlight];
    const isOfLate = lost.some(([, { isLate }]) => isLate);
    const isProven = lost.length === 1 && !this.#isUsed;
    for (const [number, flying] of lost) {
      const tail = flying.isAlone ? child.stderrTail(flying.saidBefore) : null;
      if (flying.isLate && flying.isAlone)
        this.#finish(number, failure('timeout', lateReason(flying.entry), tail));
      else if (isOfLate) this.#requeue(number, { isSuspect: flying.isLate || flying.entry.isSuspect });
      else if (isProven) this.#finish(number, failure(end.code, reasonOf(end), tail));
      else this.#requeue(number, { isSuspect: true });
    }
    this.#dispatch();
  }

  #requeue(number: number, { isSuspect }: Pick<Entry, 'isSuspect'>): void {
    const entry = this.#land(number);
    if (entry !== null) this.#waiting.unshift({ ...entry, isSuspect });
  }

  #finish(number: number, outcome: TaskOutcome<ResultOf<WorkerTask>>): void {
    this.#land(number)?.settle(outcome);
  }

  /** Takes a task out of flight; null where it has ended before. */
  #land(number: number): Entry | null {
    const flying = this.#inFlight.get(number);
    if (flying === undefined) return null;
    clearTimeout(flying.timer);
    this.#inFlight.delete(number);
    return flying.entry;
  }
}

function lateReason({ limits }: Entry): string {
  return `no result within ${limits.timeoutMs} ms`;
}

function outcomeOf(reply: HostReply): TaskOutcome<ResultOf<WorkerTask>> {
  if (reply.status === 'failed') return failure(codeOfError(reply.reason), reply.reason);
  if (reply.status === 'done') return { status: 'done', result: reply.result };
  const { code, message, hint } = reply;
  return { status: 'refused', error: new AssayError(code, message, hint === null ? {} : { hint }) };
}

function failure(
  code: ProcessFailure['code'],
  reason: string,
  stderrTail: string | null = null,
): ProcessFailure {
  return { status: 'failed', code, reason, stderrTail };
}
