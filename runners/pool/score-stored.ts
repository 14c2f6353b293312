import { readFile } from 'node:fs/promises';
import { decodePredictions } from '../../tasks/predictions-parquet.ts';
import type { Scores } from '../score-predictions.ts';
import type { Lanes } from './lanes.ts';
import { scoreInLanes } from './score-in-lanes.ts';
import type { ScoreStoredTask } from './task.ts';

/** Scores predictions that were made before. */
export async function scoreStored(
  { file, metrics, level, seed }: ScoreStoredTask,
  lanes: Lanes,
): Promise<Scores> {
  const predictions = await decodePredictions(await readFile(file), file);
  return scoreInLanes({ predictions, metrics, level, seed }, lanes);
}
