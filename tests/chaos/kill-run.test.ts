import { afterAll, beforeAll, expect, test } from 'vitest';
import { runDisturbed, runUndisturbed, type Aftermath, type Victim } from './kill-run.ts';

/** `npm run chaos` asks for two hundred. */
const kills = Number(process.env.ASSAY_KILLS ?? '2');
const firstSeed = Number(process.env.ASSAY_SEED ?? '1');

/** Runs that are disturbed at once: `maxConcurrency` of `vitest.config.ts`. */
const atOnce = 3;

let undisturbed: Aftermath;
let tookMs = 0;
const killed: Victim[] = [];
/** Records that were finished before a kill. */
let kept = 0;

beforeAll(async () => {
  // The first run also reads all code for the first time.
  undisturbed = await runUndisturbed();
  const start = performance.now();
  // As many at once as are disturbed at once, so that moments are drawn from the whole of a run.
  await Promise.all(Array.from({ length: Math.min(kills, atOnce) }, runUndisturbed));
  tookMs = performance.now() - start;
}, 1_800_000);

afterAll(() => {
  const counts = [...Map.groupBy(killed, (victim) => victim)];
  process.stdout.write(
    `killed: ${counts.map(([victim, all]) => `${victim} ${all.length}`).join(', ')}; ${kept} records were there before\n`,
  );
});

test('a run leaves a record for each of its cells and its group', () => {
  expect(undisturbed).toMatchObject({ exitCode: 0, runs: 1, status: 'complete' });
  expect(Object.keys(undisturbed.content)).toHaveLength(3);
});

test.concurrent.each(Array.from({ length: kills }, (_, index) => firstSeed + index))(
  'a process killed at a random moment (seed %i) changes nothing in the records that the same command ends with',
  async (seed) => {
    const { victim, atMs, exitCode, stderr, status, content, finished, finishedAtEnd } = await runDisturbed(
      seed,
      tookMs,
    );
    killed.push(victim);
    const what = `${victim} killed after ${Math.round(atMs)} ms`;
    expect(exitCode, `${what}\n${stderr}`).toBe(0);
    expect(status, what).toBe('complete');
    expect(content, what).toEqual(undisturbed.content);
    expect(finishedAtEnd, what).toEqual(finished);
    kept += Object.keys(finished).length;
    // Two hundred take long: a run that is ended early has told how far it came.
    if (kills > 3) process.stdout.write(`${seed}: ${what}, same records\n`);
  },
  1_800_000,
);
