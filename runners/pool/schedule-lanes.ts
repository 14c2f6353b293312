import { cardsForOneself } from './cards-of.ts';
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
  /** The card of the model before, until that is surely closed. */
  leaves: number | null;
  /** Once other lanes have given up what they held on the card of its model. */
  cleared: Promise<unknown>;
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
 * a further copy of another's, where the copies and the memory allow that. A card bears one model at a time, whatever the targets that
 * name it; a lane at rest gives it up for what has its home in another. What has a home runs in no other lane.
 */
export function scheduleLanes(
  threads: readonly Thread[],
  availableBytes: () => number = () => process.availableMemory(),
): Lanes {
  const scheduler = new Scheduler(threads, availableBytes);
  return {
    count: threads.length,
    run: async (task, resident) => {
      const asked = task(0);
      const single = resident === undefined ? scheduler.singleUse(asked) : null;
      const lane = await scheduler.take({ resident: resident ?? single, home: homeOf(asked) });
      try {
        await lane.cleared;
        return resultOf(await lane.thread.run(task(lane.holds?.copy ?? 0)));
      } finally {
        scheduler.giveBack(lane, { keeps: single === null });
      }
    },
  };
}

class Scheduler {
  readonly #lanes: readonly Lane[];
  readonly #waiting: Waiting[] = [];
  readonly #homes = new Map<string, Lane>();
  readonly #availableBytes: () => number;
  #singleUses = 0;

  constructor(threads: readonly Thread[], availableBytes: () => number) {
    this.#lanes = threads.map((thread) => ({
      thread,
      running: 0,
      holds: null,
      isLoading: false,
      leaves: null,
      cleared: Promise.resolve(),
    }));
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

  /** Of a task that loads a model for itself on a card, and keeps none; null of any other. */
  singleUse(task: LaneTask): Resident | null {
    const cards = cardsForOneself(task);
    if (cards === null) return null;
    return { key: `for one task: ${this.#singleUses++}`, cards, copies: 1, bytes: 0 };
  }

  giveBack(lane: Lane, { keeps }: { keeps: boolean }): void {
    lane.running--;
    lane.isLoading = false;
    lane.leaves = null;
    if (!keeps) lane.holds = null;
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
    lane.running++;
    if (resident !== null && !isHeld(resident, lane)) {
      lane.leaves = cardOf(lane);
      lane.holds = { resident, copy: this.#freeCopies(next, lane)[0] ?? 0 };
      lane.isLoading = true;
      lane.cleared = this.#clear(cardOf(lane), lane);
    }
    next.start(lane);
  }

  /** Has every other lane, all of which are at rest, give up what it holds on a card. */
  async #clear(card: number | null, lane: Lane): Promise<void> {
    const holders = this.#lanes.filter((other) => card !== null && other !== lane && cardOf(other) === card);
    await Promise.all(
      holders.map(async (other) => {
        other.holds = null;
        other.running++;
        await other.thread.run({ kind: 'close' }).catch(() => undefined);
        this.giveBack(other, { keeps: false });
      }),
    );
  }

  #nextFor(lane: Lane): Waiting | undefined {
    const waiting = this.#waiting.filter(({ home }) => this.#isAtHome(home, lane));
    const own = waiting.filter(({ resident }) => resident !== null && isHeld(resident, lane));
    // In the order of asking: portions of a model that keep coming do not keep waiting what needs none.
    const next = waiting.find(({ resident }) => resident === null || isHeld(resident, lane));
    if (lane.running > 0) return own.length >= this.#lanes.length && next === own[0] ? next : undefined;
    if (own.length > 0) return next;
    const fitting = waiting.filter(
      (work) => work.resident === null || this.#mayLoad(work, work.resident, lane),
    );
    return fitting.find(({ resident }) => resident === null || this.#holders(resident) === 0) ?? fitting[0];
  }

  #isAtHome(home: string | null, lane: Lane): boolean {
    return home === null || (this.#homes.get(home) ?? lane) === lane;
  }

  #mayLoad(work: Waiting, resident: Resident, lane: Lane): boolean {
    if (this.#freeCopies(work, lane).length === 0) return false;
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

  /** Copies that no other lane has, on cards that none holds, or else gives up. */
  #freeCopies({ resident, home }: Waiting, lane: Lane): number[] {
    if (resident === null) return [];
    const others = this.#lanes.filter((other) => other !== lane);
    const { cards } = resident;
    if (cards === null) {
      const taken = others.filter((other) => isHeld(resident, other)).map(({ holds }) => holds?.copy);
      return this.#lanes.map((_, copy) => copy).filter((copy) => !taken.includes(copy));
    }
    const holders = (copy: number): Lane[] =>
      others.filter((other) => [cardOf(other), other.leaves].includes(cards[copy] ?? null));
    const copies = cards
      .map((_, copy) => copy)
      .filter((copy) => holders(copy).every((other) => this.#givesUp(other, home)));
    return copies.sort((a, b) => holders(a).length - holders(b).length);
  }

  /** A lane at rest loads another model itself, but for what has its home elsewhere. */
  #givesUp(other: Lane, home: string | null): boolean {
    const isAsked = this.#waiting.some(({ resident }) => resident !== null && isHeld(resident, other));
    return other.running === 0 && !isAsked && !this.#isAtHome(home, other);
  }
}

/** The number of the graphics card that a lane's model lies on; null where there is none. */
function cardOf({ holds }: Lane): number | null {
  return holds?.resident.cards?.[holds.copy] ?? null;
}

function isHeld(resident: Resident, { holds }: Lane): boolean {
  return holds?.resident.key === resident.key;
}
