import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { calibrate, type CalibrationPlan } from '../../../runners/calibrate/calibrate.ts';
import {
  readCalibration,
  saveCalibration,
  storedFingerprints,
} from '../../../runners/calibrate/calibration-store.ts';

const fingerprint = 'a'.repeat(64);
const plan: CalibrationPlan = { sizes: ['0.1 ms'], processes: 2, epochs: 1, epochMs: 20 };

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-calibration-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('twins are timed in fresh processes, and what they tell is stored for this machine alone', async () => {
  const reported: string[] = [];
  const signal = new AbortController().signal;
  const report = (model: string): number => reported.push(model);
  const calibration = await calibrate({ fingerprint, form: 'default', plan }, { signal, report });
  expect(reported).toEqual(['0.1 ms']);
  expect(calibration.models).toMatchObject([{ name: '0.1 ms', processes: 2 }]);
  // The second instance, and the control.
  expect(calibration.models[0]?.shifts.map((twin) => twin.length)).toEqual([2, 2]);
  const folder = await createFolder();
  await saveCalibration(folder, calibration);
  expect(await readCalibration(folder, fingerprint)).toEqual(calibration);
  expect(await readCalibration(folder, 'b'.repeat(64))).toBeNull();
  expect(await readdir(folder)).toEqual([`${fingerprint}.json`]);
  expect(await storedFingerprints(folder)).toEqual([fingerprint]);
});

test('an interrupted calibration says so and leaves nothing', async () => {
  const controller = new AbortController();
  controller.abort();
  const effects = { signal: controller.signal, report: () => undefined };
  await expect(calibrate({ fingerprint, form: 'default', plan }, effects)).rejects.toThrow(/interrupted/);
});

test('a file that is no calibration is named with what to do', async () => {
  const folder = await createFolder();
  await writeFile(path.join(folder, `${fingerprint}.json`), '{"schemaVersion": 9}');
  const reading = readCalibration(folder, fingerprint);
  await expect(reading).rejects.toThrow(/Invalid calibration in .*schemaVersion/s);
  expect(await storedFingerprints(path.join(folder, 'absent'))).toEqual([]);
});
