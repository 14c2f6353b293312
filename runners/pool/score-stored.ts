import { readFile } from 'node:fs/promises';
import type { Scores } from '../scores.ts';
import type { Lanes } from './lanes.ts';
import { scoreInLanes } from './score-in-lanes.ts';
import type { ScoreStoredTask } from './task.ts';

/** Scores predictions that were made before. */
export async function scoreStored(
  { file, metrics, level, seed }: ScoreStoredTask,
  lanes: Lanes,
): Promise<Scores> {
  const { decodePredictions } = await import('../../tasks/predictions-parquet.ts');
  const predictions = await decodePredictions(await readFile(file), file);
  return scoreInLanes({ predictions, metrics, level, seed }, lanes);
}
