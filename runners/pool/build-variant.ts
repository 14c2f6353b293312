import { buildVariant, type BuildOutcome } from '../../models/build.ts';
import { calibrationData } from '../calibration-data.ts';
import { openedDataset } from './opened-dataset.ts';
import type { BuildTask } from './task.ts';

/** Makes a variant, calibrated on the training split of its dataset where there is one. */
export async function buildOnDataset({ dataset, cacheDir, ...request }: BuildTask): Promise<BuildOutcome> {
  if (dataset === null) return buildVariant(request, cacheDir);
  const calibration = calibrationData(await openedDataset(dataset));
  return buildVariant({ ...request, calibration }, cacheDir);
}
