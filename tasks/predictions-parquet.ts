import { parquetMetadata, parquetReadObjects, type KeyValue } from 'hyparquet';
import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';
import { z } from 'zod';
import { AssayError, messageOf } from '../core/errors.ts';
import { parseJson, parseWith, type Source } from '../core/parse.ts';
import type { Clusters } from '../core/samples.ts';
import type {
  ClassificationPredictions,
  GenerationPredictions,
  Predictions,
  PredictionsOf,
  RegressionPredictions,
  TaskKind,
} from './predictions.ts';

/** What a file says of itself besides its columns; kept under this key of the Parquet metadata. */
const key = 'assay';
const clusteredBy = z.string().optional();
const headerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('regression'),
    outputs: z.int().positive(),
    unit: z.string().optional(),
    clusteredBy,
  }),
  z.strictObject({ kind: z.literal('classification'), labels: z.array(z.string()), clusteredBy }),
  z.strictObject({ kind: z.literal('generation'), clusteredBy }),
]);
type Header = z.output<typeof headerSchema>;
type HeaderOf<Kind extends TaskKind> = Extract<Header, { kind: Kind }>;

/** One row a sample: what was expected and what was predicted, readable by any Parquet reader. */
export function encodePredictions(predictions: Predictions): Uint8Array {
  const { header, columns } = encoders[predictions.kind](predictions as never);
  const { ids, clusters } = predictions;
  const value = JSON.stringify({ ...header, clusteredBy: clusters?.by });
  const cluster = clusters === undefined ? [] : [text('cluster', clusters.names)];
  const columnData = [text('id', ids), ...cluster, ...columns];
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata: [{ key, value }] }));
}

/** Reads what `encodePredictions` wrote. Throws `record-invalid` where the bytes are something else. */
export async function decodePredictions(bytes: Uint8Array, where: string): Promise<Predictions> {
  const source: Source = { what: 'predictions', where, code: 'record-invalid' };
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  try {
    const header = readHeader(parquetMetadata(file).key_value_metadata ?? [], source);
    const reader = createReader(await parquetReadObjects({ file }), source);
    return { ...decodeRows(header, reader, source), ...readClusters(header, reader) };
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    throw new AssayError('record-invalid', `${where} cannot be read as predictions: ${messageOf(cause)}.`, {
      cause,
    });
  }
}

interface Encoded<Kind extends TaskKind> {
  header: HeaderOf<Kind>;
  columns: ColumnSource[];
}

const encoders = {
  regression: encodeRegression,
  classification: encodeClassification,
  generation: encodeGeneration,
} satisfies { [Kind in TaskKind]: (predictions: PredictionsOf<Kind>) => Encoded<Kind> };

function encodeRegression({ expected, predicted, ...rest }: RegressionPredictions): Encoded<'regression'> {
  const outputs = rest.outputs ?? 1;
  const columns = Array.from({ length: outputs }, (_, output) => [
    numbers(`expected_${output}`, everyNth(expected, outputs, output)),
    numbers(`predicted_${output}`, everyNth(predicted, outputs, output)),
  ]);
  return {
    header: { kind: 'regression', outputs, unit: rest.unit },
    columns: [...columns.flat(), ...weightColumn(rest.weights)],
  };
}

function encodeClassification(predictions: ClassificationPredictions): Encoded<'classification'> {
  const { labels, expected, predicted, probabilities } = predictions;
  const names = (indices: Int32Array): string[] => Array.from(indices, (index) => labels[index] ?? '');
  return {
    header: { kind: 'classification', labels: [...labels] },
    columns: [
      text('expected', names(expected)),
      text('predicted', names(predicted)),
      ...labels.map((_, label) =>
        numbers(`probability_${label}`, everyNth(probabilities, labels.length, label)),
      ),
      ...weightColumn(predictions.weights),
    ],
  };
}

function encodeGeneration(predictions: GenerationPredictions): Encoded<'generation'> {
  const {
    negativeLogLikelihood,
    tokens,
    utf8Bytes,
    floorNegativeLogLikelihood: floor,
    otherReferences,
  } = predictions;
  return {
    header: { kind: 'generation' },
    columns: [
      numbers('negative_log_likelihood', negativeLogLikelihood),
      numbers('tokens', Float64Array.from(tokens)),
      ...(utf8Bytes === undefined ? [] : [numbers('utf8_bytes', Float64Array.from(utf8Bytes))]),
      ...(floor === null ? [] : [numbers('floor_negative_log_likelihood', floor)]),
      text('generated', predictions.generated),
      text('reference', predictions.references),
      ...(otherReferences === undefined
        ? []
        : [
            text(
              'other_references',
              otherReferences.map((all) => JSON.stringify(all)),
            ),
          ]),
    ],
  };
}

function text(name: string, data: readonly string[]): ColumnSource {
  return { name, data: [...data], type: 'STRING' };
}

function numbers(name: string, data: Float64Array): ColumnSource {
  return { name, data, type: 'DOUBLE' };
}

function weightColumn(weights: Float64Array | undefined): ColumnSource[] {
  return weights === undefined ? [] : [numbers('weight', weights)];
}

/** A column of a row-major matrix. */
function everyNth(matrix: Float64Array, width: number, column: number): Float64Array {
  return Float64Array.from(
    { length: matrix.length / width },
    (_, row) => matrix[row * width + column] ?? Number.NaN,
  );
}

function readHeader(metadata: readonly KeyValue[], source: Source): Header {
  const value = metadata.find((entry) => entry.key === key)?.value;
  if (value === undefined) {
    throw new AssayError(source.code, `${source.where} holds no predictions: its metadata has no "${key}".`);
  }
  return parseJson(headerSchema, value, source);
}

type Rows = readonly Record<string, unknown>[];

/** Reads columns by name; a missing or wrong one is told by its name. */
interface Reader {
  ids: string[];
  numbers: (name: string) => Float64Array;
  optionalNumbers: (name: string) => Float64Array | null;
  texts: (name: string) => string[];
  optionalTexts: (name: string) => string[] | null;
}

function createReader(rows: Rows, source: Source): Reader {
  const column = <Value>(name: string, value: z.ZodType<Value>): Value[] =>
    parseWith(
      z.array(value),
      rows.map((row) => row[name]),
      { ...source, what: `column "${name}" of the predictions` },
    );
  const has = (name: string): boolean => rows[0] !== undefined && name in rows[0];
  const readNumbers = (name: string): Float64Array => Float64Array.from(column(name, anyNumber));
  const texts = (name: string): string[] => column(name, z.string());
  return {
    ids: texts('id'),
    numbers: readNumbers,
    optionalNumbers: (name) => (has(name) ? readNumbers(name) : null),
    texts,
    optionalTexts: (name) => (has(name) ? texts(name) : null),
  };
}

/** Infinity and NaN are values a model may put out; a metric, not the file, judges them. */
const anyNumber = z.custom<number>((value) => typeof value === 'number', 'expected a number');

function readClusters({ clusteredBy: by }: Header, reader: Reader): { clusters?: Clusters } {
  return by === undefined ? {} : { clusters: { by, names: reader.texts('cluster') } };
}

function decodeRows(header: Header, reader: Reader, source: Source): Predictions {
  switch (header.kind) {
    case 'regression':
      return decodeRegression(header, reader);
    case 'classification':
      return decodeClassification(header, reader, source);
    case 'generation':
      return decodeGeneration(reader, source);
  }
}

function decodeRegression({ outputs, unit }: HeaderOf<'regression'>, reader: Reader): RegressionPredictions {
  const matrix = (name: string): Float64Array =>
    interleave(Array.from({ length: outputs }, (_, output) => reader.numbers(`${name}_${output}`)));
  const [expected, predicted] = [matrix('expected'), matrix('predicted')];
  return {
    kind: 'regression',
    ids: reader.ids,
    outputs,
    ...(unit === undefined ? {} : { unit }),
    expected,
    predicted,
    ...readWeights(reader),
  };
}

function decodeClassification(
  { labels }: HeaderOf<'classification'>,
  reader: Reader,
  source: Source,
): ClassificationPredictions {
  const indices = (name: string): Int32Array =>
    Int32Array.from(parseWith(z.array(z.enum(labels)), reader.texts(name), source), (label) =>
      labels.indexOf(label),
    );
  const probabilities = interleave(labels.map((_, label) => reader.numbers(`probability_${label}`)));
  const [expected, predicted] = [indices('expected'), indices('predicted')];
  return {
    kind: 'classification',
    ids: reader.ids,
    labels,
    expected,
    predicted,
    probabilities,
    ...readWeights(reader),
  };
}

function decodeGeneration(reader: Reader, source: Source): GenerationPredictions {
  const utf8Bytes = reader.optionalNumbers('utf8_bytes');
  const others = reader.optionalTexts('other_references');
  return {
    kind: 'generation',
    ids: reader.ids,
    negativeLogLikelihood: reader.numbers('negative_log_likelihood'),
    tokens: Int32Array.from(reader.numbers('tokens')),
    ...(utf8Bytes === null ? {} : { utf8Bytes: Int32Array.from(utf8Bytes) }),
    floorNegativeLogLikelihood: reader.optionalNumbers('floor_negative_log_likelihood'),
    generated: reader.texts('generated'),
    references: reader.texts('reference'),
    ...(others === null
      ? {}
      : { otherReferences: others.map((json) => parseJson(z.array(z.string()), json, source)) }),
  };
}

function readWeights(reader: Reader): { weights?: Float64Array } {
  const weights = reader.optionalNumbers('weight');
  return weights === null ? {} : { weights };
}

/** Columns back to a row-major matrix. */
function interleave(columns: readonly Float64Array[]): Float64Array {
  const rows = columns[0]?.length ?? 0;
  const width = columns.length;
  return Float64Array.from(
    { length: rows * width },
    (_, index) => columns[index % width]?.[Math.floor(index / width)] ?? Number.NaN,
  );
}
