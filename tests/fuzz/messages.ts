import type { SubjectName } from './subjects/registry.ts';

/** What a process that fuzzes is asked. */
export interface FuzzRequest {
  subject: SubjectName;
  /** Of the first mutation; the others follow. */
  firstSeed: number;
  mutations: number;
  /** A command line of its own for one in so many. */
  spawnEvery: number;
  /** Where projects are written. */
  folder: string;
}

/** One mutation and what came of it. */
export interface Tried {
  seed: number;
  /** Of the command; a share of them also ran as a process of its own. */
  exitCode: number;
  /** What was wrong with how it ended, with what was said; empty where all was well. */
  unclear: readonly string[];
}
