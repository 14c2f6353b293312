import type { FormName } from '../form.ts';

/** How much of a run goes into what a variant costs beside its latency. */
export interface FootprintEffort {
  /** Fresh processes a variant. */
  processes: number;
  /** For about how long each repeats calls. */
  callsMs: number;
  /** For about how long each generates. */
  generationMs: number;
}

export const footprintEfforts = {
  quick: { processes: 1, callsMs: 60, generationMs: 60 },
  default: { processes: 3, callsMs: 300, generationMs: 500 },
  thorough: { processes: 5, callsMs: 1000, generationMs: 2000 },
} as const satisfies Record<FormName, FootprintEffort>;
