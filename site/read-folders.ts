import { AssayError } from '../core/errors.ts';
import type { Environment } from '../results/environment-schema.ts';
import { damagedIn, readRuns, type StoredRun, type StoredRuns } from '../results/read-runs.ts';
import type { StoredRecord } from '../results/schema.ts';

/**
 * The runs of all results folders, oldest first. What lies in another than the first was measured elsewhere: its targets are
 * labelled with their machine, so that they stand beside those of here and never take their place. Throws an AssayError for a
 * folder without records.
 */
export async function readFolders(folders: readonly string[]): Promise<StoredRuns> {
  const [own, ...others] = await Promise.all(folders.map(readFilled));
  const elsewhere = others.flatMap(({ runs }) => runs.map(labelMachine));
  const runs = [...(own?.runs ?? []), ...elsewhere].sort(byStart);
  const unreadable = [own, ...others].flatMap((stored) => stored?.unreadable ?? []);
  return { runs: runs.filter(isFirst), unreadable };
}

async function readFilled(folder: string): Promise<StoredRuns> {
  const stored = await readRuns(folder);
  if (stored.runs.some(({ records }) => records.length > 0)) return stored;
  const [damage] = damagedIn(stored);
  if (damage !== undefined) throw damage.error;
  const message = `No record is stored in ${folder}; a report needs at least one.`;
  throw new AssayError('nothing-measured', message, { hint: 'assay run' });
}

/** A run that was copied to several folders counts in the first. */
function isFirst({ run }: StoredRun, index: number, all: readonly StoredRun[]): boolean {
  return all.findIndex((other) => other.run.id === run.id) === index;
}

function byStart(a: StoredRun, b: StoredRun): number {
  return a.run.startedAt < b.run.startedAt ? -1 : Number(a.run.startedAt > b.run.startedAt);
}

function labelMachine(stored: StoredRun): StoredRun {
  const records = stored.records.map(({ file, record }) => ({ file, record: labelled(record) }));
  return { ...stored, records };
}

function labelled(record: StoredRecord): StoredRecord {
  const machine = machineOf(record.environment);
  const { target } = record.subject;
  const subject = { ...record.subject, target: { ...target, label: withMachine(target.label, machine) } };
  if (record.kind !== 'group') return { ...record, subject };
  return { ...record, subject, variants: record.variants.map((one) => besideItsOwn(one, machine)) };
}

type Variant = Extract<StoredRecord, { kind: 'group' }>['variants'][number];

/** It was compared with the reference of its own machine. */
function besideItsOwn(variant: Variant, machine: string): Variant {
  const { consistency } = variant;
  if (consistency === null) return variant;
  const [, name = '', label = null] = /^(\S+)(?: \((.*)\))?$/s.exec(consistency.reference) ?? [];
  const reference = `${name} (${withMachine(label, machine)})`;
  return { ...variant, consistency: { ...consistency, reference } };
}

function withMachine(label: string | null, machine: string): string {
  return label === null ? machine : `${label}, ${machine}`;
}

/** Its first card, without driver and memory; its processor where it has none. */
function machineOf({ graphics: [card], cpu }: Environment): string {
  return card?.split(',')[0] ?? cpu.model;
}
