import { AssayError } from '../core/errors.ts';
import type { References, Samples } from '../core/samples.ts';
import type { Tensor } from '../core/tensor.ts';
import { findManifest } from './catalog.ts';
import { fitEncoder, type Encoder } from './inputs.ts';
import type { DatasetManifest, Input, MissingPolicy } from './manifest.ts';
import { openData } from './open-data.ts';
import { readTable } from './readers/read-table.ts';
import { classesOf, readReferences } from './references.ts';
import { chooseTest } from './split.ts';
import { badCell, cellOf, isMissing, requireColumns, valueOf, type Row, type Table } from './table.ts';

/** No data file may be bigger, compressed or not. */
const maxBytes = 512 * 2 ** 20;

/** A dataset in memory, its checksum verified. */
export interface LoadedDataset {
  manifest: DatasetManifest;
  /** Of the data as stored. */
  sha256: string;
  train: Samples;
  test: Samples;
  /** Rows left out because something in them is missing. */
  droppedRows: number;
  /** What a column of the data says of each test sample, e.g. to slice by; throws where there is no such column. */
  testColumn: (name: string) => string[];
}

/**
 * Loads a dataset by catalog id or by the path of a `.dataset.json` file, whose data lie in its folder. Sample ids are
 * row numbers of the file, from 1.
 */
export async function loadDataset(idOrPath: string): Promise<LoadedDataset> {
  const found = await findManifest(idOrPath);
  const { manifest } = found;
  const { path: where, bytes } = await openData(found, maxBytes);
  const table = readTable({ where, bytes }, manifest.format, maxBytes);
  requireColumns(table, [...featureColumns(manifest), ...targetColumns(manifest)]);
  const complete = completeRows(table, manifest);
  const split = splitTable(complete, manifest);
  return {
    manifest,
    sha256: manifest.sha256,
    ...encodeSplit(complete, split, manifest),
    droppedRows: table.rows.length - complete.rows.length,
    testColumn: (name) => {
      requireColumns(table, [name]);
      return split.test.map((row) => String(valueOf(row, name)));
    },
  };
}

function featureColumns({ inputs }: DatasetManifest): string[] {
  return inputs.flatMap((input) =>
    input.kind === 'features' ? input.features.flatMap(({ columns }) => columns) : [],
  );
}

function targetColumns({ target }: DatasetManifest): string[] {
  if (target.kind !== 'tokens') return [target.column];
  return [target.column, target.promptColumn, ...(target.floorColumn === null ? [] : [target.floorColumn])];
}

function completeRows(table: Table, manifest: DatasetManifest): Table {
  const features = { columns: featureColumns(manifest), policy: manifest.missing.features };
  const label = { columns: targetColumns(manifest), policy: manifest.missing.label };
  const isKept = (row: Row): boolean => hasAll(table, row, features) && hasAll(table, row, label);
  const rows = table.rows.filter(isKept);
  if (rows.length > 0) return { ...table, rows };
  throw new AssayError('dataset-invalid', `${table.where} has no row without a missing value.`);
}

function hasAll(
  table: Table,
  row: Row,
  { columns, policy }: { columns: string[]; policy: MissingPolicy },
): boolean {
  const missing = columns.find((column) => isMissing(valueOf(row, column)));
  if (missing !== undefined && policy === 'error')
    throw badCell(cellOf(table, row, missing), 'a value ("missing" is declared an error)');
  return missing === undefined;
}

function splitTable(table: Table, { split, target }: DatasetManifest): Record<'train' | 'test', Row[]> {
  const isStratified = split.stratify && target.kind === 'class';
  const strata = isStratified ? classesOf(table, table.rows, target) : table.rows.map(() => 0);
  const isTest = chooseTest({ strata, testShare: split.testShare, seed: split.seed });
  const test = table.rows.filter((_, position) => isTest.has(position));
  if (test.length > 0) return { train: table.rows.filter((_, position) => !isTest.has(position)), test };
  throw new AssayError(
    'dataset-invalid',
    `${table.where}: a test share of ${split.testShare} of ${table.rows.length} rows leaves no test sample.`,
  );
}

function encodeSplit(
  table: Table,
  split: Record<'train' | 'test', Row[]>,
  manifest: DatasetManifest,
): Record<'train' | 'test', Samples> {
  const encoders = manifest.inputs.map((input) => [input, encoderOf(input, table, split.train)] as const);
  const samplesOf = (rows: Row[]): Samples => {
    const references = readReferences(table, rows, manifest.target);
    const inputs = encoders.map(
      ([input, encode]) => [input.name, encode?.(rows) ?? tokenIds(references)] as const,
    );
    return { ids: rows.map(({ number }) => String(number)), inputs: Object.fromEntries(inputs), references };
  };
  return { train: samplesOf(split.train), test: samplesOf(split.test) };
}

function encoderOf(input: Input, table: Table, trainRows: readonly Row[]): Encoder | null {
  return input.kind === 'features' ? fitEncoder(input, table, trainRows) : null;
}

function tokenIds(references: References): Tensor {
  if (references.kind !== 'tokens') throw new Error('internal: a tokens input without a tokens target');
  const rows = references.lengths.length;
  // Low halves of the integers; an array of BigInts made one by one takes 30 times as long.
  const halves = new Int32Array(references.ids.length * 2);
  references.ids.forEach((id, index) => {
    halves[index * 2] = id;
  });
  const data = new BigInt64Array(halves.buffer);
  return { type: 'int64', shape: [rows, rows === 0 ? 0 : references.ids.length / rows], data };
}
