import { processorDevices, type Target } from '../../suites/target.ts';
import type { LaneTask } from './lane-task.ts';

/**
 * Numbers of the graphics cards that a target computes on, each of which may be that of another runner or device, too; null on the
 * processor. A card that the system chooses counts as the first one, which it is where there is but one.
 */
export function cardsOf({ device, settings }: Target): readonly number[] | null {
  return processorDevices.includes(device) ? null : settings.deviceIndexes;
}

/** The cards of a task that loads a model for itself alone, one of which it takes; null where it takes none. */
export function cardsForOneself(task: LaneTask): readonly number[] | null {
  const { kind } = task;
  if (kind === 'load' || kind === 'placement') return cardsOf(task.model.target);
  if (kind === 'noise' || kind === 'probe' || kind === 'profile')
    return cardsOf(task.target)?.slice(0, 1) ?? null;
  return null;
}
