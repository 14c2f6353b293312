import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { readFolders } from '../../site/read-folders.ts';
import { entriesOf } from '../../site/views/choose-records.ts';
import { recordSlug } from '../../site/views/paths.ts';
import { makeReport } from '../../site/views/report.ts';

const here = path.join(packageRoot, 'tests/records/v3');
const card = 'NVIDIA H100 80GB HBM3';

/** A frozen run as another machine would have measured it: a folder as `assay run` leaves it there. */
async function measuredElsewhere(id = 'elsewhere'): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-elsewhere-'));
  const [frozen = ''] = await readdir(path.join(here, 'runs'));
  const run = path.join(folder, 'runs', id);
  await cp(path.join(here, 'runs', frozen), run, { recursive: true });
  const names = await readdir(run, { recursive: true });
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    const value = JSON.parse(await readFile(path.join(run, name), 'utf8')) as Record<string, unknown>;
    const environment = {
      ...(value.environment as object),
      ...{ fingerprint: 'f'.repeat(64), graphics: [`${card}, driver 580.82.07, 81559 MiB`] },
    };
    const ofRun = value.kind === 'run' ? { id } : { runId: id };
    await writeFile(path.join(run, name), JSON.stringify({ ...value, ...ofRun, environment }));
  }
  return folder;
}

test('what another machine measured stands beside what was measured here, named by its card, with pages of its own', async () => {
  const { runs, unreadable } = await readFolders([here, await measuredElsewhere()]);
  const report = makeReport(runs, unreadable);
  const alone = makeReport((await readFolders([here])).runs);
  expect(report.targets).toEqual(alone.targets.flatMap((target) => [target, `${target} (${card})`]).sort());
  const figures = ({ suites }: typeof report): unknown[] =>
    suites.flatMap(({ models }) =>
      models.flatMap(({ groups }) =>
        groups.map(({ target, standings }) => [
          target,
          standings.map(({ primary, profile }) => [primary, profile]),
        ]),
      ),
    );
  expect(figures(report)).toEqual(expect.arrayContaining(figures(alone)));
  expect(figures(report)).toHaveLength(2 * figures(alone).length);
  const slugs = entriesOf(runs).map(({ record }) => recordSlug(record));
  expect(new Set(slugs).size).toBe(slugs.length);
  expect(report.records.size).toBe(2 * alone.records.size);
  expect(report.keyFigures).toContainEqual({
    ...{ name: 'Machines', value: '2', note: 'compared only within each' },
  });
});

test('a run that was copied to both folders counts once, as one of here', async () => {
  const { runs } = await readFolders([here, here]);
  expect(runs).toEqual((await readFolders([here])).runs);
});

test('a folder without records is refused by its name', async () => {
  const empty = await mkdtemp(path.join(tmpdir(), 'assay-empty-'));
  await expect(readFolders([here, empty])).rejects.toThrow(`No record is stored in ${empty}`);
});
