import type { Warning } from '../../results/warning-schema.ts';
import { fallbackDoubt } from '../doubts/fallback-doubt.ts';
import { profileOnce } from '../explain/profile-calls.ts';
import type { PlacementTask } from './lane-task.ts';

/** Profiles one call, since nothing else tells where each node runs. */
export async function seePlacement({ model, inputs }: PlacementTask): Promise<Warning[]> {
  const { artifact, target, deviceIndex } = model;
  return fallbackDoubt(
    await profileOnce({ artifact, target, deviceIndex, threads: 1, inputs }),
    target.device,
  );
}
