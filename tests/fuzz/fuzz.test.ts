import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runFuzz } from './run-fuzz.ts';
import { subjects, type SubjectName } from './subjects/registry.ts';

/** `npm run fuzz` asks for two thousand of each. */
const mutations = Number(process.env.ASSAY_MUTATIONS ?? '20');
const firstSeed = Number(process.env.ASSAY_SEED ?? '1');
const spawnEvery = Math.max(20, Math.floor(mutations / 20));

test.concurrent.each(Object.keys(subjects) as SubjectName[])(
  'whatever is wrong in %s, a command ends in time and says clearly why',
  async (subject) => {
    // Below the folder for temporary files, which goes with the tests.
    const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-fuzz-'));
    const { exitCodes, findings } = await runFuzz({ subject, firstSeed, mutations, spawnEvery, folder });
    // Vitest shows what is printed there; the counts are for docs/reliability.md.
    process.stdout.write(`${subject}: ${mutations} mutations by exit code ${JSON.stringify(exitCodes)}\n`);
    const report = process.env.ASSAY_FUZZ_REPORT;
    if (report !== undefined) await writeFile(`${report}.${subject}.txt`, findings.join('\n---\n'));
    expect(findings).toEqual([]);
    // A mutation that nothing notices tests nothing: most are refused.
    expect(exitCodes[2] ?? 0).toBeGreaterThan(mutations / 4);
  },
  7_200_000,
);
