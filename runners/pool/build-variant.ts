import { buildVariant, type BuildOutcome } from '../../models/build.ts';
import { calibrationData } from '../calibration-data.ts';
import { openedDataset } from './opened-dataset.ts';
import type { BuildTask } from './task.ts';

/** Makes a variant, calibrated on the training split of its dataset where there is one. */
export async function buildOnDataset({
  model,
  variant,
  dataset,
  cacheDir,
}: BuildTask): Promise<BuildOutcome> {
  if (dataset === null) return buildVariant({ model, variant }, cacheDir);
  const calibration = calibrationData(await openedDataset(dataset));
  return buildVariant({ model, variant, calibration }, cacheDir);
}
