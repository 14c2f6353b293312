import * as z from 'zod';
import type { FiledRecord } from './read-runs.ts';
import type { RunRecord, StoredRecord } from './schema.ts';
import { formatTarget } from './target-schema.ts';

const resolvedSchema = z.looseObject({ variants: z.array(z.string()) });

/** Records as their run was asked for: by suite, then by model and target, the baseline before the variants in their order. */
export function inRunOrder(
  { suites }: Pick<RunRecord, 'suites'>,
  records: readonly FiledRecord[],
): FiledRecord[] {
  const places = new Map(
    suites.map(({ id, resolved }, place) => [id, { place, variants: variantsIn(resolved) }]),
  );
  const keyed = records.map((filed) => {
    const { subject } = filed.record;
    const { place = suites.length, variants = [] } = places.get(subject.suite.id) ?? {};
    const where = `${subject.model.id}\0${formatTarget(subject.target)}`;
    return { filed, place, where, variant: variantPlace(filed.record, variants) };
  });
  return keyed
    .sort((a, b) => a.place - b.place || compare(a.where, b.where) || a.variant - b.variant)
    .map(({ filed }) => filed);
}

function variantsIn(resolved: unknown): readonly string[] {
  return resolvedSchema.safeParse(resolved).data?.variants ?? [];
}

/** A group comes before what it holds. */
function variantPlace(record: StoredRecord, variants: readonly string[]): number {
  if (record.kind === 'group') return -2;
  const place = variants.indexOf(record.variant.name);
  return record.variant.isBaseline ? -1 : place < 0 ? variants.length : place;
}

/** By code unit, so that the order is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
