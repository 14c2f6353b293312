/** How thoroughly a run measures. */
export type FormName = 'quick' | 'default' | 'thorough';

/** How long one scenario may take. */
export interface ScenarioBudget {
  /** At most; a warm-up ends when its slope test sees no trend. */
  warmUpMs: number;
  /** Of a stream, of a sweep, or of the confirmation of a rate; a suite may ask for another. */
  durationMs: number;
  /** Times that every setting of a sweep gets its turn; six are the fewest whose median has a 95 % interval. */
  rounds: number;
  /** Of one attempt at a rate. */
  attemptMs: number;
  mostAttempts: number;
}

/** The budget of a timing comparison. */
export interface Form {
  name: FormName;
  /** Numbers of processes after which the evidence is looked at. */
  looks: readonly number[];
  /** Chance of a false alarm where it is not the policy's. */
  falseAlarms: number | null;
  /** Slowdowns below this are not looked for, whatever the policy says. */
  leastMargin: number;
  epochs: number;
  epochMs: number;
  /** At most; a warm-up ends when its slope test sees no trend. */
  warmUpMs: number;
  profileMs: number;
  /** After this time a comparison takes no further look; null for no limit. */
  budgetMs: number | null;
  /** The longest call that is timed. */
  maxCallMs: number;
  cellTimeoutMs: number;
  scenarios: ScenarioBudget;
}

/** Nine processes are the fewest whose exact p gets below one of twelve comparisons' share of 2.5 %. */
export const forms = {
  quick: {
    name: 'quick',
    looks: [9],
    falseAlarms: 0.025,
    leastMargin: 0.05,
    epochs: 5,
    epochMs: 60,
    warmUpMs: 60,
    profileMs: 50,
    budgetMs: null,
    maxCallMs: 5000,
    cellTimeoutMs: 120_000,
    scenarios: { warmUpMs: 100, durationMs: 500, rounds: 8, attemptMs: 300, mostAttempts: 9 },
  },
  default: {
    name: 'default',
    looks: [10, 14, 20, 28],
    falseAlarms: null,
    leastMargin: 0,
    epochs: 10,
    epochMs: 120,
    warmUpMs: 120,
    profileMs: 80,
    budgetMs: 65_000,
    maxCallMs: 30_000,
    cellTimeoutMs: 600_000,
    scenarios: { warmUpMs: 1000, durationMs: 5000, rounds: 12, attemptMs: 2000, mostAttempts: 12 },
  },
  thorough: {
    name: 'thorough',
    looks: [14, 28, 56, 84],
    falseAlarms: null,
    leastMargin: 0,
    epochs: 15,
    epochMs: 200,
    warmUpMs: 500,
    profileMs: 200,
    budgetMs: null,
    maxCallMs: 120_000,
    cellTimeoutMs: 1_800_000,
    scenarios: { warmUpMs: 3000, durationMs: 60_000, rounds: 20, attemptMs: 10_000, mostAttempts: 14 },
  },
} as const satisfies Record<FormName, Form>;
