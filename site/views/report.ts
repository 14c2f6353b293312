import { damagedIn, type DamagedFile, type StoredRun } from '../../results/read-runs.ts';
import type { RunRecord } from '../../results/schema.ts';
import { chooseRecords, entriesOf, type Entry } from './choose-records.ts';
import { clip, formatCount } from './format.ts';
import { headlineOf, type Headline } from './headline.ts';
import { keyFigures, type KeyFigure } from './key-figures.ts';
import { recordSlug } from './paths.ts';
import { chooseScenarios, type ScenarioReport } from './scenarios.ts';
import { standGroup, type GroupStanding } from './standings.ts';

/** One model of a suite, on all its targets. */
export interface ModelReport {
  id: string;
  title: string;
  sha256: string;
  groups: readonly GroupStanding[];
  /** Target by target; empty where the suite asks for none. */
  scenarios: readonly ScenarioReport[];
}

export interface SuiteReport {
  id: string;
  title: string;
  /** As the newest run that holds the suite has it; null where none does. */
  definition: RunRecord['suites'][number] | null;
  /** How many definitions of the suite the figures come from, in words; null where it is one. */
  caution: string | null;
  models: readonly ModelReport[];
}

/** All that the pages show. */
export interface Report {
  headline: Headline;
  keyFigures: readonly KeyFigure[];
  /** Every target there is, in a fixed order, so that each keeps its colour on all pages. */
  targets: readonly string[];
  suites: readonly SuiteReport[];
  /** Oldest first. */
  runs: readonly StoredRun[];
  /** Files of runs that are left out, since they are damaged. */
  damaged: readonly string[];
  /** The newest record of each job, by its slug. */
  records: ReadonlyMap<string, Entry>;
}

export function makeReport(runs: readonly StoredRun[], unreadable: readonly DamagedFile[] = []): Report {
  const groups = chooseRecords(runs).map(standGroup);
  const records = new Map(
    entriesOf(runs)
      .sort(oldestFirst)
      .map((entry) => [recordSlug(entry.record), entry]),
  );
  return {
    headline: headlineOf(groups),
    keyFigures: keyFigures(runs, groups),
    targets: [...new Set(groups.map(({ target }) => target))].sort(),
    suites: suitesOf(groups, { runs, scenarios: chooseScenarios(runs) }),
    runs,
    damaged: damagedIn({ runs, unreadable }).map(({ file }) => nameInRuns(file)),
    records,
  };
}

/** From the folder of its run on: what is above is nobody's business. */
function nameInRuns(file: string): string {
  const parts = file.split(/[/\\]/);
  return clip(parts.slice(file.endsWith('run.json') ? -2 : -3).join('/'), 160);
}

function oldestFirst(a: Entry, b: Entry): number {
  return a.record.startedAt < b.record.startedAt ? -1 : 1;
}

interface Sources {
  runs: readonly StoredRun[];
  scenarios: readonly ScenarioReport[];
}

function suitesOf(groups: readonly GroupStanding[], sources: Sources): SuiteReport[] {
  const bySuite = Map.groupBy(groups, ({ chosen }) => chosen.subject.suite.id);
  return [...bySuite].map(([id, members]) => suiteOf(id, members, sources));
}

function suiteOf(id: string, groups: readonly GroupStanding[], { runs, scenarios }: Sources): SuiteReport {
  const definition = runs.flatMap(({ run }) => run.suites.filter((suite) => suite.id === id)).at(-1) ?? null;
  const hashes = new Set(groups.map(({ chosen }) => chosen.subject.suite.hash));
  const ofSuite = scenarios.filter(({ subject }) => subject.suite.id === id);
  const byModel = Map.groupBy(groups, ({ chosen }) => chosen.subject.model.id);
  return {
    id,
    title: clip(groups[0]?.chosen.subject.suite.title ?? id),
    definition,
    caution:
      hashes.size > 1
        ? `These figures come from ${formatCount(hashes.size, 'definition')} of the suite.`
        : null,
    models: [...byModel].map(([modelId, members]) => modelOf(modelId, members, ofSuite)),
  };
}

function modelOf(
  id: string,
  groups: readonly GroupStanding[],
  scenarios: readonly ScenarioReport[],
): ModelReport {
  const { title = id, sha256 = '' } = groups[0]?.chosen.subject.model ?? {};
  const ofModel = scenarios.filter(({ subject }) => subject.model.id === id);
  return { id, title: clip(title), sha256, groups, scenarios: ofModel };
}
