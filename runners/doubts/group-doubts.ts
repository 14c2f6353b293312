import type { GroupRecord } from '../../results/schema.ts';
import type { Warning } from '../../results/warning-schema.ts';
import type { FootprintTimes } from '../footprint/measure-footprint.ts';
import type { Form } from '../form.ts';
import type { GroupTimes } from '../timing/group-times.ts';
import { footprintDoubts } from './footprint-doubts.ts';
import { formDoubt } from './form-doubt.ts';
import { doubtsBetween } from './machine-doubts.ts';
import type { MachineState } from './machine-state.ts';
import type { Situation } from './situation.ts';
import { timingDoubts } from './timing-doubts.ts';

/** All that is known of a group once it was timed. */
export interface GroupEvidence {
  variants: readonly Pick<GroupRecord['variants'][number], 'variant' | 'timed'>[];
  times: GroupTimes;
  footprints: ReadonlyMap<string, FootprintTimes>;
  /** Of the machine, just before and just after it was timed. */
  states: readonly [before: MachineState, after: MachineState];
  timerStepMs: number;
}

/** Every doubt about a timed group that its times and its machine give rise to, whatever the policy. */
export function groupDoubts(
  { variants, times, footprints, states, timerStepMs }: GroupEvidence,
  { form, ...situation }: Omit<Situation, 'form'> & { form: Form },
): Warning[] {
  const inForce = { ...situation, form: form.name };
  return [
    ...doubtsBetween(...states, inForce),
    ...timingDoubts({ variants, times, timerStepMs }, inForce),
    ...[...footprints].flatMap(([name, found]) => footprintDoubts(name, found)),
    ...formDoubt(form),
  ];
}
