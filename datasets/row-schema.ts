import { AssayError } from '../core/errors.ts';
import type { Clusters, References, SampleFacts } from '../core/samples.ts';
import type { CellInput } from './cell-input.ts';
import { featuresOf } from './features-input.ts';
import { integersOf } from './integer-input.ts';
import type { DatasetManifest, Input, MissingPolicy } from './manifest.ts';
import { factColumns, featureColumns, targetColumns, type Needed } from './needed-columns.ts';
import { referencesOf } from './references.ts';
import { badCell, isMissingIn, numberIn, textIn, type Column, type IsValue, type Row } from './row.ts';
import type { Rows } from './rows.ts';
import { textsOf } from './text-input.ts';
import { tokenInput, wordInputs, type TokenInput } from './token-inputs.ts';

/** How a manifest reads rows. */
export interface RowSchema {
  /** Every column that is read, once. */
  names: readonly string[];
  columnOf: (name: string) => Column;
  /** Those rows of a block that miss nothing that they must have; throws where that is declared an error. */
  complete: (rows: Rows) => Rows;
  /** By input name. */
  inputs: readonly (readonly [name: string, input: CellInput | TokenInput])[];
  /** Throws where a cell is not of the target. */
  referencesOf: (rows: Rows) => References;
  /** Throws where a cluster or a weight is none. */
  factsOf: (rows: Rows) => SampleFacts;
}

/** The schema of a file's rows; `further` are columns to read besides those of inputs and target. */
export function rowSchema(manifest: DatasetManifest, where: string, further: readonly string[]): RowSchema {
  const { cluster, weight } = manifest;
  const features = featureColumns(manifest);
  const target = [...targetColumns(manifest), ...factColumns(manifest)];
  const needed = [...features, ...target].map(({ name }) => name);
  const names = [...new Set([...needed, ...optionalColumns(manifest), ...further])];
  const emptyIsNothing = manifest.format.kind === 'csv';
  const columnOf = (name: string): Column => ({ where, name, index: names.indexOf(name), emptyIsNothing });
  const doubtOf = ({ name, isValue }: Needed): Doubt => ({ column: columnOf(name), isValue });
  const areFeaturesThere = completeness(features.map(doubtOf), manifest.missing.features);
  const isTargetThere = completeness(target.map(doubtOf), manifest.missing.label);
  return {
    names,
    columnOf,
    complete: (rows) => {
      const isThere = [areFeaturesThere(rows), isTargetThere(rows)].filter((test) => test !== null);
      return isThere.length === 0 ? rows : rows.filter((row) => isThere.every((test) => test(row)));
    },
    inputs: manifest.inputs.map((input) => [input.name, inputOf(input, columnOf, manifest.missing.features)]),
    referencesOf: referencesOf(manifest.target, columnOf, wordInputs(manifest.inputs)),
    factsOf: (rows) => ({
      ...(cluster === undefined ? {} : { clusters: clustersIn(rows, columnOf(cluster)) }),
      ...(weight === undefined ? {} : { weights: weightsIn(rows, columnOf(weight)) }),
    }),
  };
}

function inputOf(
  input: Input,
  columnOf: RowSchema['columnOf'],
  missing: MissingPolicy,
): CellInput | TokenInput {
  switch (input.kind) {
    case 'features':
      return featuresOf(input, columnOf, missing);
    case 'integers':
      return integersOf(input, columnOf, missing);
    case 'texts':
      return textsOf(input, columnOf, missing);
    case 'tokens':
    case 'mask':
    case 'positions':
      return tokenInput(input.kind);
  }
}

/** Columns that may hold nothing. */
function optionalColumns({ target }: DatasetManifest): readonly string[] {
  if (target.kind === 'labels') return [target.column];
  return target.kind === 'tokens' ? (target.otherColumns ?? []) : [];
}

function clustersIn(rows: Rows, column: Column): Clusters {
  return { by: column.name, names: rows.map((row) => textIn(row, column)) };
}

function weightsIn(rows: Rows, column: Column): Float64Array {
  return Float64Array.from(rows, (row) => {
    const weight = numberIn(row, column);
    if (weight < 0) throw badCell(row, column, 'a weight of 0 or more');
    return weight;
  });
}

/** Tells which rows of a block miss nothing; null where that goes for all. */
type Completeness = (rows: Rows) => ((row: Row) => boolean) | null;

/** A column that may hold nothing. */
interface Doubt {
  column: Column;
  isValue: IsValue;
}

function completeness(columns: readonly Doubt[], policy: MissingPolicy): Completeness {
  return ({ parts: [part] }) => {
    if (policy === 'keep') return null;
    const doubtful = columns.filter(({ column }) => part?.block.isNumeric[column.index] !== 1);
    if (doubtful.length === 0) return null;
    return (row) => {
      const missing = doubtful.find(({ column, isValue }) => isMissingIn(row, column, isValue));
      if (missing !== undefined && policy === 'error') throw missingCell(row, missing.column);
      return missing === undefined;
    };
  };
}

function missingCell(row: Row, column: Column): AssayError {
  const { message } = badCell(row, column, 'a value ("missing" is declared an error)');
  return new AssayError('dataset-invalid', message, {
    hint: 'Correct the data, or set "missing" of their manifest: "drop" leaves such rows out, "keep" gives features to the model as NaN.',
  });
}
