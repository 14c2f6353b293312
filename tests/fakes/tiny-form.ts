import { forms, type Form } from '../../runners/form.ts';

/** Measures next to nothing in next to no time, for tests of what else a run does: its figures say nothing. */
export const tinyForm: Form = {
  ...forms.quick,
  looks: [2],
  epochs: 1,
  epochMs: 5,
  warmUpMs: 5,
  profileMs: 5,
  scenarios: { warmUpMs: 5, durationMs: 20, rounds: 6, attemptMs: 20, mostAttempts: 2 },
};
