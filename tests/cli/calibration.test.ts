import path from 'node:path';
import { expect, test } from 'vitest';
import { saveCalibration } from '../../runners/calibrate/calibration-store.ts';
import { formatCalibration } from '../../cli/reporters/calibration-table.ts';
import type { CalibratedModel, Calibration } from '../../runners/calibrate/calibration-schema.ts';
import { createProject, runCli } from './project.ts';

/** Of a machine that tells 2 % apart on models of 1 ms and not on those of 10 ms. */
function calibrationOf(fingerprint: string): Calibration {
  const share = (flagged: number): CalibratedModel['power'] => {
    const interval = { low: 0, high: Math.min(1, flagged / 1000 + 0.01), level: 0.95, method: 'wilson' };
    return { flagged, replays: 1000, share: flagged / 1000, interval };
  };
  const model = (name: string, p50Ms: number, noise: number): CalibratedModel => ({
    name,
    p50Ms,
    processes: 2,
    shifts: [[-noise, noise]],
    noise,
    looks: [10, 28].map((processes) => ({ processes, detectableEffect: (5 * noise) / Math.sqrt(processes) })),
    falseAlarms: share(7),
    power: share(noise < 0.02 ? 990 : 300),
    isDecidable: noise < 0.02,
  });
  const models = [model('1 ms', 1, 0.005), model('10 ms', 10, 0.1)];
  const madeAt = '2026-11-20T09:00:00.000Z';
  return { schemaVersion: 1, fingerprint, madeAt, durationMs: 60_000, form: 'default', margin: 0.02, models };
}

test('doctor shows the calibration of this machine, and says where there is none or another’s', async () => {
  const { folder } = await createProject();
  const calibrations = path.join(folder, '.assay/calibration');
  const first = await runCli(folder, 'doctor', 'onnxruntime/cpu', '--json');
  const { data } = JSON.parse(first.stdout) as {
    data: { environment: { fingerprint: string }; calibration: unknown };
  };
  expect(data.calibration).toBeNull();
  await saveCalibration(calibrations, calibrationOf('b'.repeat(64)));
  expect((await runCli(folder, 'doctor', 'onnxruntime/cpu')).stdout).toContain(
    'for another machine (fingerprint bbbbbbbbbbbb)',
  );
  await saveCalibration(calibrations, calibrationOf(data.environment.fingerprint));
  const { stdout } = await runCli(folder, 'doctor', 'onnxruntime/cpu');
  expect(stdout).toContain('Calibrated 2026-11-20 09:00 UTC');
  expect(stdout).toMatch(/about 1 ms +1(?:\.0+)? ms/);
});

test('the table says which models are too noisy for the margin', () => {
  const text = formatCalibration(calibrationOf('b'.repeat(64)));
  expect(text).toContain('SEEN BY 10');
  expect(text).toContain('A slowdown of 2 % is too small for models of 10 ms here');
  expect(text).toContain(
    'more than 1 of 20 such runs do not flag it and end inconclusive, or even as a pass',
  );
});
