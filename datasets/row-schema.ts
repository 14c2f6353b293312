import type { Clusters, References, SampleFacts } from '../core/samples.ts';
import type { CellInput } from './cell-input.ts';
import { featuresOf } from './features-input.ts';
import { integersOf } from './integer-input.ts';
import type { DatasetManifest, Input, MissingPolicy } from './manifest.ts';
import { factColumns, featureColumns, targetColumns, type Needed } from './needed-columns.ts';
import { referencesOf } from './references.ts';
import { badCell, isMissingIn, numberIn, textIn, type Column, type IsValue, type Row } from './row.ts';
import { textsOf } from './text-input.ts';
import { tokenIds, tokenMask, type TokenInput } from './token-inputs.ts';

/** How a manifest reads rows. */
export interface RowSchema {
  /** Every column that is read, once. */
  names: readonly string[];
  columnOf: (name: string) => Column;
  /** Whether nothing is missing in each row of a block; throws where that is declared an error. */
  areComplete: (rows: readonly Row[]) => boolean[];
  /** By input name. */
  inputs: readonly (readonly [name: string, input: CellInput | TokenInput])[];
  /** Throws where a cell is not of the target. */
  referencesOf: (rows: readonly Row[]) => References;
  /** Throws where a cluster or a weight is none. */
  factsOf: (rows: readonly Row[]) => SampleFacts;
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
    areComplete: (rows) => {
      const [hasFeatures, hasTarget] = [areFeaturesThere(rows[0]), isTargetThere(rows[0])];
      return rows.map((row) => hasFeatures(row) && hasTarget(row));
    },
    inputs: manifest.inputs.map((input) => [input.name, inputOf(input, columnOf)]),
    referencesOf: referencesOf(manifest.target, columnOf),
    factsOf: (rows) => ({
      ...(cluster === undefined ? {} : { clusters: clustersIn(rows, columnOf(cluster)) }),
      ...(weight === undefined ? {} : { weights: weightsIn(rows, columnOf(weight)) }),
    }),
  };
}

function inputOf(input: Input, columnOf: RowSchema['columnOf']): CellInput | TokenInput {
  switch (input.kind) {
    case 'features':
      return featuresOf(input, columnOf);
    case 'integers':
      return integersOf(input, columnOf);
    case 'texts':
      return textsOf(input, columnOf);
    case 'tokens':
      return tokenIds;
    case 'mask':
      return tokenMask;
  }
}

/** Columns that may hold nothing. */
function optionalColumns({ target }: DatasetManifest): readonly string[] {
  if (target.kind === 'labels') return [target.column];
  return target.kind === 'tokens' ? (target.otherColumns ?? []) : [];
}

function clustersIn(rows: readonly Row[], column: Column): Clusters {
  return { by: column.name, names: rows.map((row) => textIn(row, column)) };
}

function weightsIn(rows: readonly Row[], column: Column): Float64Array {
  return Float64Array.from(rows, (row) => {
    const weight = numberIn(row, column);
    if (weight < 0) throw badCell(row, column, 'a weight of 0 or more');
    return weight;
  });
}

/** Of rows of one block, told by the first of them. */
type Completeness = (first: Row | undefined) => (row: Row) => boolean;

/** A column that may hold nothing. */
interface Doubt {
  column: Column;
  isValue: IsValue;
}

function completeness(columns: readonly Doubt[], policy: MissingPolicy): Completeness {
  return (first) => {
    const doubtful = columns.filter(({ column }) => first?.block.isNumeric[column.index] !== 1);
    if (doubtful.length === 0) return () => true;
    return (row) => {
      const missing = doubtful.find(({ column, isValue }) => isMissingIn(row, column, isValue));
      if (missing !== undefined && policy === 'error')
        throw badCell(row, missing.column, 'a value ("missing" is declared an error)');
      return missing === undefined;
    };
  };
}
