import type { TaskKind } from '../../core/task-kind.ts';
import type { ColumnSource } from 'hyparquet-writer';
import type { PredictionsOf } from '../predictions.ts';
import type { PredictionColumns } from './columns.ts';

/** What a file of predictions holds besides ids, clusters and weights. */
export interface Encoded {
  /** What it says of itself, in the metadata. */
  header: object;
  columns: ColumnSource[];
}

/** What is the same in predictions of every kind. */
type Shared = 'kind' | 'ids' | 'clusters' | 'weights';

/** Writes and reads predictions of one kind. */
export interface Codec<Kind extends TaskKind> {
  encode(predictions: PredictionsOf<Kind>): Encoded;
  decode(columns: PredictionColumns): Omit<PredictionsOf<Kind>, Shared>;
}
