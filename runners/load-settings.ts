import type { Target } from '../suites/target.ts';
import type { LoadSettings } from './runner.ts';

/** How a model is loaded on a target, on the first of its devices unless another is named. */
export function loadSettings(
  { device, settings: { deviceIndexes, ...settings } }: Target,
  { threads, deviceIndex = deviceIndexes[0] ?? 0 }: { threads: number; deviceIndex?: number },
): LoadSettings {
  return { device, deviceIndex, threads, ...settings };
}
