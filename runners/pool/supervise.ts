import { AssayError } from '../../core/errors.ts';
import { siblingModule } from '../../core/package-root.ts';
import { forkChild, type Child, type ProcessFailure } from '../child.ts';
import type { HostReply, ResultOf, WorkerTask } from './task.ts';

/** How a task ended; a crash or a timeout is an outcome of the task, never of the run. */
export type TaskOutcome<Result> =
  | { status: 'done'; result: Result }
  /** What was asked is at fault; the error is as it was thrown in the worker. */
  | { status: 'refused'; error: AssayError }
  | ProcessFailure;

type NotDone = Exclude<TaskOutcome<never>, { status: 'done' }>;

/** As records tell it. */
export function failureOf(outcome: NotDone): ProcessFailure {
  if (outcome.status === 'failed') return outcome;
  return { status: 'failed', code: 'error', reason: outcome.error.message, stderrTail: null };
}

export interface HostOptions {
  /** Worker threads, and so tasks at a time. */
  workers: number;
  timeoutMs: number;
}

/** Runs tasks in the host process and restarts it when it dies. */
export interface Host {
  run<Task extends WorkerTask>(task: Task): Promise<TaskOutcome<ResultOf<Task>>>;
  /** Kills the process; what is not done, or is asked for later, fails. */
  close: () => void;
}

interface Entry {
  task: WorkerTask;
  settle: (outcome: TaskOutcome<ResultOf<WorkerTask>>) => void;
  /** Was in flight, not alone, when a host died: runs by itself from now on, to find out which task it was. */
  isSuspect: boolean;
}

export function startHost(options: HostOptions): Host {
  const supervisor = new Supervisor(options);
  return {
    run: (task) =>
      new Promise((resolve) => {
        const settle = resolve as (outcome: TaskOutcome<ResultOf<WorkerTask>>) => void;
        supervisor.add({ task, settle, isSuspect: false });
      }),
    close: () => {
      supervisor.close();
    },
  };
}

class Supervisor {
  readonly #options: HostOptions;
  readonly #waiting: Entry[] = [];
  readonly #inFlight = new Map<number, { entry: Entry; timer: NodeJS.Timeout }>();
  #child: Child | null = null;
  #nextNumber = 0;
  #isClosed = false;
  /** The host is being killed for a task that took too long; what else it ran is innocent. */
  #isKilled = false;

  constructor(options: HostOptions) {
    this.#options = options;
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
    this.#child?.process.kill('SIGKILL');
    for (const number of [...this.#inFlight.keys()]) this.#finish(number, this.#ended());
    for (const { settle } of this.#waiting.splice(0)) settle(this.#ended());
  }

  #ended(): ProcessFailure {
    return this.#failure('error', 'the runner host was ended before this was done');
  }

  #dispatch(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#hasRoomFor(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#send(next);
    }
  }

  #hasRoomFor(entry: Entry): boolean {
    const isAlone = [...this.#inFlight.values()].some((flying) => flying.entry.isSuspect);
    const room = entry.isSuspect ? 1 : this.#options.workers;
    return !isAlone && this.#inFlight.size < room;
  }

  #send(entry: Entry): void {
    const number = this.#nextNumber++;
    const timer = setTimeout(() => {
      this.#finish(number, this.#failure('timeout', `no result within ${this.#options.timeoutMs} ms`));
      this.#isKilled = true;
      this.#child?.process.kill('SIGKILL');
    }, this.#options.timeoutMs);
    this.#inFlight.set(number, { entry, timer });
    this.#child ??= this.#startChild();
    this.#child.process.send({ number, task: entry.task });
  }

  #startChild(): Child {
    const child = forkChild(siblingModule(import.meta.url, './host'), [String(this.#options.workers)]);
    child.process.on('message', (reply: HostReply) => {
      this.#onReply(reply);
    });
    void child.ended.then((how) => {
      this.#onDeath(how);
    });
    return child;
  }

  #onReply(reply: HostReply): void {
    this.#finish(reply.number, this.#outcomeOf(reply));
    this.#dispatch();
  }

  #outcomeOf(reply: HostReply): TaskOutcome<ResultOf<WorkerTask>> {
    if (reply.status === 'failed') return this.#failure('error', reply.reason);
    if (reply.status === 'done') return { status: 'done', result: reply.result };
    const { code, message, hint } = reply;
    return { status: 'refused', error: new AssayError(code, message, hint === null ? {} : { hint }) };
  }

  #onDeath(how: string): void {
    if (this.#isClosed) return;
    const failure = this.#failure('crashed', `the runner process ended by ${how}`);
    this.#child = null;
    const lost = [...this.#inFlight.keys()];
    const isGuilty = lost.length === 1 && !this.#isKilled;
    for (const number of lost) {
      if (isGuilty) this.#finish(number, failure);
      else this.#requeue(number);
    }
    this.#isKilled = false;
    this.#dispatch();
  }

  #requeue(number: number): void {
    const flying = this.#inFlight.get(number);
    if (flying === undefined) return;
    clearTimeout(flying.timer);
    this.#inFlight.delete(number);
    this.#waiting.unshift({ ...flying.entry, isSuspect: flying.entry.isSuspect || !this.#isKilled });
  }

  #finish(number: number, outcome: TaskOutcome<ResultOf<WorkerTask>>): void {
    const flying = this.#inFlight.get(number);
    if (flying === undefined) return;
    clearTimeout(flying.timer);
    this.#inFlight.delete(number);
    flying.entry.settle(outcome);
  }

  #failure(code: ProcessFailure['code'], reason: string): ProcessFailure {
    return { status: 'failed', code, reason, stderrTail: this.#child?.stderrTail() ?? null };
  }
}
