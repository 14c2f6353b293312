import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AssayError } from '../../core/errors.ts';
import { buildSite } from '../../site/build.ts';
import { replaceFolder } from '../../site/report-folder.ts';
import { makeCell, makeRun, writeRun } from '../fakes/stored-runs.ts';

let folder: string;
let resultsDir: string;
let outDir: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'assay-build-'));
  resultsDir = path.join(folder, 'results');
  outDir = path.join(folder, 'report');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function refusalOf(building: Promise<unknown>): Promise<Pick<AssayError, 'code' | 'message' | 'hint'>> {
  const thrown: unknown = await building.then(
    () => new Error('it was built'),
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof AssayError)) throw thrown;
  return thrown;
}

test('a results folder without records has no report', async () => {
  await writeRun(resultsDir, makeRun({ status: 'running' }), []);
  expect(await refusalOf(buildSite({ resultsDirs: [resultsDir], outDir }))).toMatchObject({
    code: 'nothing-measured',
    message: `No record is stored in ${resultsDir}; a report needs at least one.`,
    hint: 'assay run',
  });
});

test('an earlier report survives a build that fails', async () => {
  await mkdir(outDir);
  await writeFile(path.join(outDir, '.assay-report'), '');
  await writeFile(path.join(outDir, 'index.html'), 'the earlier one');
  await writeRun(resultsDir, makeRun(), [{ ...makeCell(), kind: 'unheard-of' }]);
  expect((await refusalOf(buildSite({ resultsDirs: [resultsDir], outDir }))).code).toBe('record-invalid');
  expect(await readFile(path.join(outDir, 'index.html'), 'utf8')).toBe('the earlier one');
  expect(await readdir(folder)).toEqual(['report', 'results']);
});

test('a folder of other things is never replaced', async () => {
  await mkdir(outDir);
  await writeFile(path.join(outDir, 'thesis.tex'), 'years of work');
  await writeRun(resultsDir, makeRun(), [makeCell()]);
  const { code, message } = await refusalOf(buildSite({ resultsDirs: [resultsDir], outDir }));
  expect([code, message]).toEqual([
    'usage-invalid',
    `${outDir} holds other files (thesis.tex); an earlier report, an empty or a new folder is accepted.`,
  ]);
});

test.each(['https://elsewhere.org', '/a b/', '/"/'])('a base of %j is refused', async (base) => {
  const { code, message } = await refusalOf(buildSite({ resultsDirs: [resultsDir], outDir, base }));
  expect([code, message]).toEqual([
    'usage-invalid',
    `Invalid base "${base}"; a path such as /reports/ is accepted.`,
  ]);
});

test.each(['example.org', 'javascript:alert(1)', ''])('a site address of %j is refused', async (siteUrl) => {
  expect((await refusalOf(buildSite({ resultsDirs: [resultsDir], outDir, siteUrl }))).code).toBe(
    'usage-invalid',
  );
});

test('a finished folder takes the place of the old one whole', async () => {
  const [from, to] = [path.join(folder, 'work', 'new'), path.join(folder, 'old')];
  await mkdir(from, { recursive: true });
  await mkdir(to);
  await writeFile(path.join(from, 'new.html'), '');
  await writeFile(path.join(to, 'stale.html'), '');
  await replaceFolder(from, to);
  expect(await readdir(to)).toEqual(['new.html']);
  expect(await readdir(folder)).toEqual(['old', 'work']);
});

test('the old folder comes back where the new one cannot take its place', async () => {
  const to = path.join(folder, 'old');
  await mkdir(to);
  await writeFile(path.join(to, 'kept.html'), '');
  await mkdir(path.join(folder, 'work'));
  expect((await refusalOf(replaceFolder(path.join(folder, 'work', 'nothing'), to))).code).toBe(
    'results-unwritable',
  );
  expect(await readdir(to)).toEqual(['kept.html']);
});
