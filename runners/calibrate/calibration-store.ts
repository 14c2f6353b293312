import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseJson } from '../../core/parse.ts';
import { writeWhole } from '../../core/write-whole.ts';
import { calibrationSchema, type Calibration } from './calibration-schema.ts';

/** Writes a calibration whole and synced, and returns its file. */
export async function saveCalibration(folder: string, calibration: Calibration): Promise<string> {
  const file = fileOf(folder, calibration.fingerprint);
  await mkdir(folder, { recursive: true });
  const text = `${JSON.stringify(calibrationSchema.parse(calibration), null, 1)}\n`;
  await writeWhole(file, (to) => to.writeFile(text));
  return file;
}

/** The calibration of the machine with this fingerprint; null where there is none. Throws for a file that is not one. */
export async function readCalibration(folder: string, fingerprint: string): Promise<Calibration | null> {
  const where = fileOf(folder, fingerprint);
  const text = await readFile(where, 'utf8').catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  });
  if (text === null) return null;
  const source = { what: 'calibration', where, code: 'record-invalid', hint: 'assay calibrate' } as const;
  return parseJson(calibrationSchema, text, source);
}

/** Fingerprints a calibration is stored for. */
export async function storedFingerprints(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.flatMap((name) => /^([0-9a-f]{64})\.json$/.exec(name)?.slice(1) ?? []);
}

function fileOf(folder: string, fingerprint: string): string {
  return path.join(folder, `${fingerprint}.json`);
}
