import { ByteWriter, parquetWrite, type ColumnSource } from 'hyparquet-writer';
import * as z from 'zod';
import { AssayError, messageOf } from '../core/errors.ts';
import type { Source } from '../core/parse.ts';
import type { SampleFacts } from '../core/samples.ts';
import { sum } from '../core/statistics/summary.ts';
import { taskKinds, type TaskKind } from '../core/task-kind.ts';
import { classificationCodec } from './parquet/classification.ts';
import type { Codec } from './parquet/codec.ts';
import {
  compression,
  idColumn,
  metadataKey,
  numberColumn,
  readColumns,
  textColumn,
  type PredictionColumns,
} from './parquet/columns.ts';
import { generationCodec } from './parquet/generation.ts';
import { multilabelCodec } from './parquet/multilabel.ts';
import { rankingCodec } from './parquet/ranking.ts';
import { regressionCodec } from './parquet/regression.ts';
import { taggingCodec } from './parquet/tagging.ts';
import type { Predictions } from './predictions.ts';

const codecs: { readonly [Kind in TaskKind]: Codec<Kind> } = {
  regression: regressionCodec,
  classification: classificationCodec,
  multilabel: multilabelCodec,
  ranking: rankingCodec,
  tagging: taggingCodec,
  generation: generationCodec,
};

const header = z.object({ kind: z.enum(taskKinds), clusteredBy: z.string().optional() });

/** One row a sample: what was expected and what was predicted, readable by any Parquet reader. */
export function encodePredictions(predictions: Predictions): Uint8Array {
  const { kind, ids, clusters } = predictions;
  const weights = 'weights' in predictions ? predictions.weights : undefined;
  const encoded = codecs[kind].encode(predictions as never);
  const columnData = [
    idColumn('id', ids),
    ...(clusters === undefined ? [] : [textColumn('cluster', clusters.names)]),
    ...encoded.columns,
    ...(weights === undefined ? [] : [numberColumn('weight', weights)]),
  ];
  const value = JSON.stringify({ kind, ...encoded.header, clusteredBy: clusters?.by });
  const kvMetadata = [{ key: metadataKey, value }];
  const writer = new ByteWriter(fewestBytes + bytesIn(columnData));
  void parquetWrite({ writer, columnData, kvMetadata, ...compression });
  // As they lie there: a copy of all distributions of a cell would take as much memory again.
  return writer.getBytes();
}

const fewestBytes = 2 ** 16;

/** Of what is bytes already and hardly shrinks: a writer that has no room for it would double what it has, and copy. */
function bytesIn(columns: readonly ColumnSource[]): number {
  return sum(
    columns.flatMap(({ type, data }) =>
      type === 'BYTE_ARRAY'
        ? Array.from(data as ArrayLike<Uint8Array | null>, (cell) => cell?.length ?? 0)
        : [],
    ),
  );
}

/** Reads what `encodePredictions` wrote. Throws `record-invalid` where the bytes are something else. */
export async function decodePredictions(bytes: Uint8Array, where: string): Promise<Predictions> {
  const source: Source = { what: 'predictions', where, code: 'record-invalid' };
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const columns = await readColumns(file, source);
    const { kind, clusteredBy } = columns.header(header);
    const shared = { ids: columns.texts('id'), ...factsIn(columns, clusteredBy) };
    return { kind, ...shared, ...codecs[kind].decode(columns) } as Predictions;
  } catch (cause) {
    // Scores that are no probabilities are told of the file that holds them.
    if (cause instanceof AssayError && cause.code !== 'scores-invalid') throw cause;
    throw new AssayError('record-invalid', `${where} cannot be read as predictions: ${messageOf(cause)}.`, {
      cause,
    });
  }
}

function factsIn(columns: PredictionColumns, by: string | undefined): SampleFacts {
  const weights = columns.optionalNumbers('weight');
  return {
    ...(by === undefined ? {} : { clusters: { by, names: columns.texts('cluster') } }),
    ...(weights === null ? {} : { weights }),
  };
}
