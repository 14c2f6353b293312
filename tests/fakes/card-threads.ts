import { setImmediate as nextTurn } from 'node:timers/promises';
import { createRandom, type Random } from '../../core/random.ts';
import { cardsForOneself, cardsOf } from '../../runners/pool/cards-of.ts';
import type { LaneTask, LoadedModel } from '../../runners/pool/lane-task.ts';
import type { Thread } from '../../runners/pool/schedule-lanes.ts';

/** Lanes that keep models on graphics cards as those of Assay do, each step of which ends in random order. */
export class CardThreads {
  readonly threads: readonly Thread[];
  /** The most models that were loaded on a card at a time, by its number. */
  readonly most = new Map<number, number>();
  readonly #random: Random;
  readonly #loaded = new Map<number, number>();
  readonly #waiting: (() => void)[] = [];

  constructor(count: number, seed: number) {
    this.#random = createRandom(seed);
    this.threads = Array.from({ length: count }, () => this.#thread());
  }

  /** Ends steps one at a time until there are none: what has not come to its end by then never does. */
  async endAll(): Promise<void> {
    await settle();
    while (this.#waiting.length > 0) {
      const [end] = this.#waiting.splice(this.#random.below(this.#waiting.length), 1);
      end?.();
      await settle();
    }
  }

  #thread(): Thread {
    let kept: { key: string; close: Promise<() => Promise<void>> } | null = null;
    const closeKept = async (): Promise<void> => {
      const before = kept;
      kept = null;
      await (
        await before?.close
      )?.();
    };
    const keep = (model: LoadedModel): Promise<unknown> => {
      const key = JSON.stringify(model);
      if (kept?.key !== key) kept = { key, close: closeKept().then(() => this.#load(model)) };
      return kept.close;
    };
    return {
      run: async (task) => {
        const isAlone = cardsForOneself(task) !== null;
        if (isAlone || task.kind === 'close') await closeKept();
        if (isAlone) await (await this.#load(modelOf(task)))();
        else if ('model' in task && 'target' in task.model) await keep(task.model);
        await this.#step();
        return { status: 'done', result: null };
      },
    };
  }

  async #load({ target, deviceIndex }: LoadedModel): Promise<() => Promise<void>> {
    const count = (change: number): void => {
      if (cardsOf(target) === null) return;
      const loaded = (this.#loaded.get(deviceIndex) ?? 0) + change;
      this.#loaded.set(deviceIndex, loaded);
      this.most.set(deviceIndex, Math.max(loaded, this.most.get(deviceIndex) ?? 0));
    };
    count(1);
    await this.#step();
    return async () => {
      await this.#step();
      count(-1);
    };
  }

  #step(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

function modelOf(task: LaneTask): LoadedModel {
  if (task.kind === 'load' || task.kind === 'placement') return task.model;
  throw new Error(`no model is scripted for ${task.kind}`);
}

/** Everything that follows from what has ended. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await nextTurn();
}
