import type { StoredRun } from '../../results/read-runs.ts';
import type { RunRecord } from '../../results/schema.ts';
import { clip, formatCount, formatDate, formatNumber } from './format.ts';
import type { GroupStanding } from './standings.ts';

/** A fact of the report's front: a name, its figure, and what else there is to say. */
export interface KeyFigure {
  name: string;
  value: string;
  note: string;
}

/** What was measured, how much of it, when and on what. */
export function keyFigures(runs: readonly StoredRun[], groups: readonly GroupStanding[]): KeyFigure[] {
  const standings = groups.flatMap((group) => group.standings);
  const targets = new Set(groups.map(({ target }) => target));
  const measured = new Set(
    groups
      .filter((group) => group.standings.some(({ profile, primary }) => profile ?? primary))
      .map(({ target }) => target),
  );
  const models = new Set(groups.map(({ chosen }) => chosen.subject.model.id));
  const variants = new Set(
    standings.filter(({ variant }) => !variant.isBaseline).map(({ variant }) => variant.name),
  );
  const suites = new Set(groups.map(({ chosen }) => chosen.subject.suite.id));
  return [
    { name: 'Models', value: formatNumber(models.size, 0), note: `in ${formatCount(suites.size, 'suite')}` },
    { name: 'Variants', value: formatNumber(variants.size, 0), note: 'beside the baseline' },
    {
      name: 'Targets',
      value: formatNumber(measured.size, 0),
      note: `measured, of ${formatNumber(targets.size, 0)}`,
    },
    { name: 'Runs', value: formatNumber(runs.length, 0), note: 'stored' },
    measuredFigure(groups),
    machineFigure(groups),
  ];
}

function measuredFigure(groups: readonly GroupStanding[]): KeyFigure {
  const run = newestRun(groups);
  const revision =
    run?.gitRevision == null ? 'outside a git repository' : `at ${shortRevision(run.gitRevision)}`;
  return { name: 'As of', value: run === null ? '–' : formatDate(run.startedAt), note: revision };
}

/** The first characters of a revision, and whether its folder was changed. */
export function shortRevision(revision: string): string {
  const [hash = '', ...changes] = revision.split('+');
  return [hash.slice(0, 10), ...changes.map((change) => clip(change, 20))].join('+');
}

function newestRun(groups: readonly GroupStanding[]): RunRecord | null {
  const runs = runsOf(groups);
  return runs.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0] ?? null;
}

/** The runs that what is shown comes from. */
export function runsOf(groups: readonly GroupStanding[]): RunRecord[] {
  const entries = groups.flatMap(({ chosen: { group, cells } }) => [
    ...(group === null ? [] : [group]),
    ...cells.values(),
  ]);
  return [...new Set(entries.map(({ run }) => run))];
}

function machineFigure(groups: readonly GroupStanding[]): KeyFigure {
  const environments = runsOf(groups).map(({ environment }) => environment);
  const machines = new Set(environments.map(({ fingerprint }) => fingerprint));
  const [first] = environments;
  if (first === undefined || machines.size > 1) {
    return { name: 'Machines', value: formatNumber(machines.size, 0), note: 'compared only within each' };
  }
  const { cpu, memoryBytes } = first;
  const memory = `${formatNumber(memoryBytes / 1e9, 0)} GB`;
  return {
    name: 'Machine',
    value: clip(cpu.model, 48),
    note: `${formatCount(cpu.cores, 'core')}, ${memory}`,
  };
}
