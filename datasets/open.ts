import { setImmediate as turn } from 'node:timers/promises';
import type { References, Samples, SampleStream } from '../core/samples.ts';
import type { Tensor } from '../core/tensor.ts';
import { findManifest } from './catalog.ts';
import type { CellInput } from './cell-input.ts';
import type { DatasetManifest } from './manifest.ts';
import { openData } from './open-data.ts';
import type { Data } from './readers/data.ts';
import { drain } from './readers/drain.ts';
import type { ScanCells } from './readers/scan-cells.ts';
import { rowSchema, type RowSchema } from './row-schema.ts';
import { keptBytes, openRows, type RowSource } from './row-source.ts';
import { inBatchesOfRows, Rows } from './rows.ts';
import { roles } from './split.ts';
import type { TokenInput } from './token-inputs.ts';
import { requireTestRows, surveyRows, type Survey, type SurveyPlan } from './survey.ts';

type Split = 'train' | 'test';

export interface OpenOptions {
  /** Cells that stay in memory once they are read. */
  mostKeptBytes?: number;
  /** Scans lines of CSV in other threads, so that several are at work. */
  scan?: ScanCells | undefined;
  /** Ends the opening between two batches. */
  signal?: AbortSignal;
}

/** A dataset whose rows have all been read and found right once, and are read again as they are used. */
export interface OpenDataset {
  manifest: DatasetManifest;
  /** Of the data as stored. */
  sha256: string;
  train: SampleStream;
  test: SampleStream;
  /** Samples of the test split: rows, or the queries that rows are candidates of. */
  testSamples: number;
  /** Rows left out because something in them is missing. */
  droppedRows: number;
  /** What a column says of each test sample, e.g. to slice by; one of those the dataset was opened with. */
  testColumn: (name: string) => string[];
  /** A whole split in memory. */
  collect: (split: Split) => Promise<Samples>;
}

/**
 * Opens a dataset by catalog id or by the path of a `.dataset.json` file, whose data lie in its folder. One pass over the
 * rows verifies the checksum and every cell that is used, two more fit a standardisation where there is one, and each
 * reading of a split is another. Of a row there stay in memory its role in the split and its value of each of `columns`.
 * Sample ids are row numbers of the file, from 1.
 */
export async function openDataset(
  idOrPath: string,
  columns: readonly string[] = [],
  { mostKeptBytes = keptBytes, scan, signal }: OpenOptions = {},
): Promise<OpenDataset> {
  const found = await findManifest(idOrPath);
  const { manifest } = found;
  const data = { ...(await openData(found)), ...(signal === undefined ? {} : { signal }) };
  const schema = rowSchema(manifest, data.where, columns);
  const rows = openRows(data, { format: manifest.format, columns: schema.names, scan }, mostKeptBytes);
  const opening = signal === undefined ? rows : untilAborted(rows, signal);
  const survey = await surveyOrExplain({ manifest, schema, labelled: columns }, opening, data);
  const readers = readersBySplit(rows, survey);
  const toSamples = await fitSamples(schema, readersBySplit(opening, survey).train);
  const streamOf = (split: Split): SampleStream => ({
    count: survey.counts[split],
    batches: (size) => batches(readers[split], size, toSamples),
  });
  return {
    ...{ manifest, sha256: manifest.sha256, droppedRows: survey.counts.none },
    ...{ train: streamOf('train'), test: streamOf('test'), testColumn: survey.testLabels },
    testSamples: survey.testSamples,
    collect: async (split) =>
      toSamples(new Rows((await Array.fromAsync(readers[split]())).flatMap(({ parts }) => parts))),
  };
}

async function surveyOrExplain(plan: SurveyPlan, rows: RowSource, data: Data): Promise<Survey> {
  try {
    const survey = await surveyRows(rows, plan);
    requireTestRows(survey, plan.manifest, data.where);
    return survey;
  } catch (thrown) {
    data.signal?.throwIfAborted();
    // That the file is another one, or lacks a column, explains a wrong cell better than the cell does.
    await drain(data.bytes());
    await drain(rows());
    throw thrown;
  }
}

/** Lets timers have their turn, too: rows that are in memory leave them none. */
function untilAborted(rows: RowSource, signal: AbortSignal): RowSource {
  return async function* () {
    for await (const some of rows()) {
      await turn();
      signal.throwIfAborted();
      yield some;
    }
  };
}

function readersBySplit(rows: RowSource, survey: Survey): Record<Split, RowSource> {
  const reader = (split: Split): RowSource =>
    async function* () {
      for await (const some of rows()) yield rowsOfRole(some, survey.roles, roles[split]);
    };
  return { train: reader('train'), test: reader('test') };
}

function rowsOfRole({ parts }: Rows, roleOf: Uint8Array, role: number): Rows {
  const chosen = parts.map(({ block, before, indices }) => {
    const kept = new Int32Array(indices.length);
    let count = 0;
    for (const index of indices) if (roleOf[before + index] === role) kept[count++] = index;
    return { block, before, indices: kept.subarray(0, count) };
  });
  return new Rows(chosen);
}

type ToSamples = (rows: Rows) => Samples;

async function fitSamples(schema: RowSchema, trainRows: RowSource): Promise<ToSamples> {
  const encoders: (readonly [string, ToTensor])[] = [];
  for (const [name, input] of schema.inputs) encoders.push([name, await encoderOf(input, trainRows)]);
  return (rows) => {
    const references = schema.referencesOf(rows);
    const inputs = encoders.map(([name, encode]) => [name, encode(rows, references)] as const);
    return {
      ids: numbersOf(rows),
      inputs: Object.fromEntries(inputs),
      references,
      ...schema.factsOf(rows),
    };
  };
}

function numbersOf(rows: Rows): Int32Array {
  const numbers = new Int32Array(rows.length);
  let next = 0;
  for (const { before, indices } of rows.parts)
    for (const index of indices) numbers[next++] = before + index + 1;
  return numbers;
}

type ToTensor = (rows: Rows, references: References) => Tensor;

async function encoderOf(input: CellInput | TokenInput, trainRows: RowSource): Promise<ToTensor> {
  return typeof input === 'function' ? (_, references) => input(references) : input.fit(trainRows);
}

async function* batches(rows: RowSource, size: number, toSamples: ToSamples): AsyncGenerator<Samples, void> {
  for await (const batch of inBatchesOfRows(rows(), size)) yield toSamples(batch);
}
