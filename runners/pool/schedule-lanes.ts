import { homeOf } from './home-of.ts';
import type { LaneResultOf, LaneTask } from './lane-task.ts';
import type { Lanes, Resident } from './lanes.ts';
import { resultOf, type Reply } from './reply.ts';

/** One task runs, the next is there already when it ends; but not of the last ones, which go to the lane that is free first. */
export const depth = 2;
/** Of the memory that is left to this process, for further models. */
const usableShare = 0.8;

/** Something that runs up to `depth` tasks, one after the other. */
export interface Thread {
  run: (task: LaneTask) => Promise<Reply<LaneResultOf<LaneTask>>>;
}

interface Lane {
  thread: Thread;
  running: number;
  holds: { resident: Resident; copy: number } | null;
  /** The model it holds was not seen running yet, so its memory may not be taken yet. */
  isLoading: boolean;
}

/** Work that waits for a lane. */
interface Waiting {
  resident: Resident | null;
  /** Of `homeOf`. */
  home: string | null;
  start: (lane: Lane) => void;
}

/**
 * Lanes over threads. A lane takes work for the model it has loaded, or for none; else it loads one that no lane has, and only then
 * a further copy of another's, where the copies and the memory allow that. What has a home runs in no other lane.
 */
export function scheduleLanes(
  threads: readonly Thread[],
  availableBytes: () => number = () => process.availableMemory(),
): Lanes {
  const scheduler = new Scheduler(threads, availableBytes);
  return {
    count: threads.length,
    run: async (task, resident) => {
      const lane = await scheduler.take({ resident: resident ?? null, home: homeOf(task(0)) });
      try {
        return resultOf(await lane.thread.run(task(lane.holds?.copy ?? 0)));
      } finally {
        scheduler.giveBack(lane);
      }
    },
  };
}

class Scheduler {
  readonly #lanes: readonly Lane[];
  readonly #waiting: Waiting[] = [];
  readonly #homes = new Map<string, Lane>();
  readonly #availableBytes: () => number;

  constructor(threads: readonly Thread[], availableBytes: () => number) {
    this.#lanes = threads.map((thread) => ({ thread, running: 0, holds: null, isLoading: false }));
    this.#availableBytes = availableBytes;
  }

  /** A lane that has the model loaded, or is to load it. */
  take(work: Omit<Waiting, 'start'>): Promise<Lane> {
    return new Promise((start) => {
      this.#waiting.push({ ...work, start });
      // What is asked in the same turn is looked at together: of two models none is loaded twice.
      queueMicrotask(() => {
        this.#dispatch();
      });
    });
  }

  giveBack(lane: Lane): void {
    lane.running--;
    lane.isLoading = false;
    this.#dispatch();
  }

  /** No lane gets a second task before all have their first. */
  #dispatch(): void {
    for (let running = 0; running < depth; running++) {
      for (const lane of this.#lanes) {
        const next = lane.running === running ? this.#nextFor(lane) : undefined;
        if (next !== undefined) this.#start(lane, next);
      }
    }
  }

  #start(lane: Lane, next: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    const { resident, home } = next;
    if (home !== null) this.#homes.set(home, lane);
    if (resident !== null && !isHeld(resident, lane)) {
      lane.holds = { resident, copy: this.#freeCopy(resident, lane) };
      lane.isLoading = true;
    }
    lane.running++;
    next.start(lane);
  }

  #nextFor(lane: Lane): Waiting | undefined {
    const waiting = this.#waiting.filter(({ home }) => this.#isAtHome(home, lane));
    const own = waiting.filter(({ resident }) => resident !== null && isHeld(resident, lane));
    // In the order of asking: portions of a model that keep coming do not keep waiting what needs none.
    const next = waiting.find(({ resident }) => resident === null || isHeld(resident, lane));
    if (lane.running > 0) return own.length >= this.#lanes.length && next === own[0] ? next : undefined;
    if (own.length > 0) return next;
    const fitting = waiting.filter(({ resident }) => resident === null || this.#mayLoad(resident, lane));
    return fitting.find(({ resident }) => resident === null || this.#holders(resident) === 0) ?? fitting[0];
  }

  #isAtHome(home: string | null, lane: Lane): boolean {
    return home === null || (this.#homes.get(home) ?? lane) === lane;
  }

  #mayLoad(resident: Resident, lane: Lane): boolean {
    if (this.#heldBeside(lane, resident.on).length >= resident.devices) return false;
    const isIdle = this.#lanes.every(({ running }) => running === 0);
    const loadingBytes = this.#lanes.reduce(
      (total, { isLoading, holds }) => total + (isLoading ? (holds?.resident.bytes ?? 0) : 0),
      0,
    );
    const hasRoom = resident.bytes <= usableShare * this.#availableBytes() - loadingBytes;
    // What does not fit is tried all the same when nothing else runs: nobody else would.
    return this.#holders(resident) < resident.copies && (hasRoom || isIdle);
  }

  #holders(resident: Resident): number {
    return this.#lanes.filter((lane) => isHeld(resident, lane)).length;
  }

  /** One that no other lane has, on a device that the fewest models of others are on. */
  #freeCopy(resident: Resident, lane: Lane): number {
    const onDevice = this.#heldBeside(lane, resident.on);
    const taken = onDevice.filter((held) => held.resident.key === resident.key).map(({ copy }) => copy);
    const copies = Array.from({ length: Math.min(resident.devices, this.#lanes.length) }, (_, copy) => copy);
    const free = copies.filter((copy) => !taken.includes(copy));
    const users = (wanted: number): number => onDevice.filter(({ copy }) => copy === wanted).length;
    return free.reduce((fewest, copy) => (users(copy) < users(fewest) ? copy : fewest), free[0] ?? 0);
  }

  /** What other lanes hold on the same devices. */
  #heldBeside(lane: Lane, on: string): NonNullable<Lane['holds']>[] {
    const others = this.#lanes.filter((other) => other !== lane);
    return others.flatMap(({ holds }) => (holds?.resident.on === on ? [holds] : []));
  }
}

function isHeld(resident: Resident, { holds }: Lane): boolean {
  return holds?.resident.key === resident.key;
}
