import { whyChanged } from '../models/marked-files.ts';
import type { ProcessFailure } from './child.ts';
import type { PreparedCell } from './prepare-cells.ts';
import { controlName, type ContenderTimes, type GroupTimes } from './timing/group-times.ts';

/** By the name of the variant. */
export type ChangedArtifacts = ReadonlyMap<string, ProcessFailure>;

/** Why what is measured of a cell now is not of the files that were planned; null where it is. */
export async function changeOf({ plan }: Pick<PreparedCell, 'plan'>): Promise<ProcessFailure | null> {
  const reason = plan.status === 'ready' ? await whyChanged(plan.held) : null;
  return reason === null ? null : { status: 'failed', code: 'error', reason, stderrTail: null };
}

export async function changedArtifacts(cells: readonly PreparedCell[]): Promise<ChangedArtifacts> {
  const changed = new Map<string, ProcessFailure>();
  for (const cell of cells) {
    const failure = await changeOf(cell);
    if (failure !== null) changed.set(cell.variant.name, failure);
  }
  return changed;
}

/** Times the cells, baseline first, that have not changed; the others failed, and without its baseline none has times. */
export async function timeUnchanged(
  cells: readonly PreparedCell[],
  time: (unchanged: readonly PreparedCell[]) => Promise<GroupTimes>,
): Promise<GroupTimes> {
  const changed = await changedArtifacts(cells);
  const unchanged = cells.filter(({ variant }) => !changed.has(variant.name));
  const hasBaseline = unchanged.some(({ variant }) => variant.isBaseline);
  const times = hasBaseline ? await time(unchanged) : { contenders: [], processes: [] };
  const timed = new Set(times.contenders.map(({ name }) => name));
  const untimed = cells
    .filter(({ variant }) => !timed.has(variant.name))
    .map(({ variant: { name } }): ContenderTimes => ({ status: 'timed', name, processes: [] }));
  return withoutChanged({ ...times, contenders: [...times.contenders, ...untimed] }, cells, changed);
}

/** Times in which what changed has failed; the control is the baseline. */
export function withoutChanged(
  times: GroupTimes,
  cells: readonly PreparedCell[],
  changed: ChangedArtifacts,
): GroupTimes {
  const baseline = cells.find(({ variant }) => variant.isBaseline)?.variant.name;
  const contenders = times.contenders.map((one) => {
    const failure = changed.get(one.name === controlName ? (baseline ?? '') : one.name);
    return failure === undefined || one.status === 'failed' ? one : { ...failure, name: one.name };
  });
  return { ...times, contenders };
}
