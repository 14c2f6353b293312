import { AssayError } from '../../core/errors.ts';
import { buildVariant, type BuildOutcome } from '../../models/build.ts';
import { calibrationData, missingSamples } from '../calibration-data.ts';
import { openedDataset } from './opened-dataset.ts';
import type { BuildTask } from './task.ts';

/** Makes a variant, calibrated on the training split of its dataset where there is one. */
export async function buildOnDataset({ dataset, cacheDir, ...request }: BuildTask): Promise<BuildOutcome> {
  if (dataset === null) return buildVariant(request, cacheDir);
  const opened = await openedDataset(dataset);
  try {
    return await buildVariant({ ...request, calibration: calibrationData(opened) }, cacheDir);
  } catch (thrown) {
    // Data that are not there are no fault of the variant, as where there is no dataset.
    const missing = missingSamples(opened);
    if (missing === null || !(thrown instanceof AssayError) || thrown.code !== missing.code) throw thrown;
    return { status: 'not-applicable', reason: `${missing.message} ${missing.hint ?? ''}`.trim() };
  }
}
