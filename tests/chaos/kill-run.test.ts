import { afterAll, beforeAll, expect, test } from 'vitest';
import { runDisturbed, runUndisturbed, type Aftermath, type Victim } from './kill-run.ts';

/** `npm run chaos` asks for two hundred. */
const kills = Number(process.env.ASSAY_KILLS ?? '3');
const firstSeed = Number(process.env.ASSAY_SEED ?? '1');

let undisturbed: Aftermath;
let tookMs = 0;
const killed: Victim[] = [];

beforeAll(async () => {
  // The first run also reads all code for the first time.
  undisturbed = await runUndisturbed();
  const start = performance.now();
  await runUndisturbed();
  tookMs = performance.now() - start;
}, 1_800_000);

afterAll(() => {
  const counts = [...Map.groupBy(killed, (victim) => victim)];
  process.stdout.write(`killed: ${counts.map(([victim, all]) => `${victim} ${all.length}`).join(', ')}\n`);
});

test('a run leaves a record for each of its cells and its group', () => {
  expect(undisturbed).toMatchObject({ exitCode: 0, runs: 1, status: 'complete' });
  expect(Object.keys(undisturbed.content)).toHaveLength(3);
});

test.concurrent.each(Array.from({ length: kills }, (_, index) => firstSeed + index))(
  'a process killed at a random moment (seed %i) changes nothing in the records that the same command ends with',
  async (seed) => {
    const { victim, atMs, exitCode, status, content } = await runDisturbed(seed, tookMs);
    killed.push(victim);
    const what = `${victim} killed after ${Math.round(atMs)} ms`;
    expect(exitCode, what).toBe(0);
    expect(status, what).toBe('complete');
    expect(content, what).toEqual(undisturbed.content);
    // Two hundred take long: a run that is ended early has told how far it came.
    if (kills > 3) process.stdout.write(`${seed}: ${what}, same records\n`);
  },
  1_800_000,
);
