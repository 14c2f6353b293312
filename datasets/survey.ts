import { joinColumns } from '../core/join-columns.ts';
import { AssayError } from '../core/errors.ts';
import { createGrouping, type Grouping } from './grouping.ts';
import type { DatasetManifest } from './manifest.ts';
import { cellOf, type Column, type Row } from './row.ts';
import type { RowSchema } from './row-schema.ts';
import type { RowSource } from './row-source.ts';
import type { Rows } from './rows.ts';
import { assignRoles, assignWhole, roles } from './split.ts';

/** What one pass over the rows tells; a few small integers a row. */
export interface Survey {
  /** By row number - 1. */
  roles: Uint8Array;
  /** Rows by role. */
  counts: Readonly<Record<keyof typeof roles, number>>;
  /** Test rows, or the queries that they are candidates of. */
  testSamples: number;
  /** What a column says of each test sample, of a query its first row; one of the labelled columns. */
  testLabels: (column: string) => string[];
}

export interface SurveyPlan {
  manifest: DatasetManifest;
  schema: RowSchema;
  /** Columns to keep the texts of. */
  labelled: readonly string[];
}

/** Checks every cell that will be used, finds rows with something missing, and splits the others. */
export async function surveyRows(rows: RowSource, plan: SurveyPlan): Promise<Survey> {
  const { manifest, schema } = plan;
  const groups: Int32Array[] = [];
  const groupsOf = createGrouping(manifest);
  const labels = new Map(plan.labelled.map((name) => [name, createLabels(schema.columnOf(name))]));
  for await (const some of rows()) {
    groups.push(groupsIn(some, schema, groupsOf));
    for (const column of labels.values()) column.add(some);
  }
  const strata = joinCodes(groups);
  const areWhole = manifest.target.kind === 'gain';
  const assigned = (areWhole ? assignWhole : assignRoles)({ strata, ...manifest.split });
  const isSample = areWhole ? firstOfGroups(strata) : null;
  const isTested = (row: number): boolean => assigned[row] === roles.test && isSample?.[row] !== 0;
  return {
    roles: assigned,
    counts: countRoles(assigned),
    testSamples: assigned.reduce((sum, _, row) => sum + Number(isTested(row)), 0),
    testLabels: (name) => {
      const column = labels.get(name);
      if (column === undefined) throw new Error(`internal: the dataset was opened without column ${name}`);
      return column.of(isTested);
    },
  };
}

/** Throws where no row is complete, or none is in the test split. */
export function requireTestRows({ counts }: Survey, { split }: DatasetManifest, where: string): void {
  const complete = counts.train + counts.test;
  if (counts.test > 0) return;
  throw new AssayError(
    'dataset-invalid',
    complete === 0
      ? `${where} has no row without a missing value; at least one is needed.`
      : `${where}: a test share of ${split.testShare} of ${complete} rows leaves no test sample; raise "testShare" of the manifest's split.`,
  );
}

/** The group of each row of a block, negative for a row that is left out. */
function groupsIn(rows: Rows, schema: RowSchema, groupsOf: Grouping): Int32Array {
  const kept = schema.complete(rows);
  for (const [, input] of schema.inputs) if (typeof input !== 'function') input.check(kept);
  schema.factsOf(kept);
  const groups = groupsOf(schema.referencesOf(kept));
  const all = new Int32Array(rows.length).fill(-1);
  for (const { indices } of kept.parts)
    for (let place = 0; place < indices.length; place++) all[indices[place] as number] = groups?.[place] ?? 0;
  return all;
}

/** 1 for the first row of each group. */
function firstOfGroups(groups: Int32Array): Uint8Array {
  const known = new Set<number>();
  return Uint8Array.from(groups, (group) => {
    const isFirst = !known.has(group);
    known.add(group);
    return Number(isFirst);
  });
}

function countRoles(assigned: Uint8Array): Survey['counts'] {
  const counts = { none: 0, train: 0, test: 0 };
  for (const role of assigned) {
    if (role === roles.test) counts.test++;
    else if (role === roles.train) counts.train++;
    else counts.none++;
  }
  return counts;
}

interface Labels {
  add: (rows: Rows) => void;
  /** Of the rows that are chosen. */
  of: (isChosen: (row: number) => boolean) => string[];
}

const nothings: readonly unknown[] = [undefined, null, ''];

/** The texts of a column, each distinct one kept once. */
function createLabels(column: Column): Labels {
  const codeOf = new Map<string, number>();
  const codes: Int32Array[] = [];
  const encode = (row: Row): number => {
    const cell = cellOf(row, column);
    const text = nothings.includes(cell) ? '(missing)' : String(cell);
    const code = codeOf.get(text) ?? codeOf.size;
    codeOf.set(text, code);
    return code;
  };
  return {
    add: (rows) => codes.push(Int32Array.from(rows, encode)),
    of: (isChosen) => {
      const texts = [...codeOf.keys()];
      const chosen = joinCodes(codes).filter((_, row) => isChosen(row));
      return Array.from(chosen, (code) => texts[code] ?? '');
    },
  };
}

function joinCodes(parts: readonly Int32Array[]): Int32Array {
  return joinColumns(parts, (length) => new Int32Array(length));
}
