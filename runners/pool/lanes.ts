import type { LaneResultOf, LaneTask } from './lane-task.ts';

/** A model that stays loaded in the lanes that run it. */
export interface Resident {
  key: string;
  /** Numbers of the graphics cards it is for, each of which bears one model at a time, whatever runs it; null where lanes compute by themselves. */
  cards: readonly number[] | null;
  /** Lanes that may hold it at a time. */
  copies: number;
  /** Memory that a copy takes, as far as its files tell. */
  bytes: number;
}

/** Threads that run tasks, each with at most one model loaded. */
export interface Lanes {
  count: number;
  /** `task` is told which copy of the model runs it, from 0. Throws what the task throws. */
  run<Task extends LaneTask>(task: (copy: number) => Task, resident?: Resident): Promise<LaneResultOf<Task>>;
}
