/** How thoroughly a run measures. */
export type FormName = 'quick' | 'default';

/** The budget of a timing comparison. */
export interface Form {
  name: FormName;
  processes: number;
  epochs: number;
  epochMs: number;
  warmupMs: number;
  profileMs: number;
  cellTimeoutMs: number;
}

/** Six processes are the fewest whose exact signed-rank interval reaches 95 %. */
export const forms = {
  quick: {
    name: 'quick',
    processes: 6,
    epochs: 5,
    epochMs: 80,
    warmupMs: 60,
    profileMs: 60,
    cellTimeoutMs: 120_000,
  },
  default: {
    name: 'default',
    processes: 10,
    epochs: 10,
    epochMs: 200,
    warmupMs: 250,
    profileMs: 250,
    cellTimeoutMs: 600_000,
  },
} as const satisfies Record<FormName, Form>;
