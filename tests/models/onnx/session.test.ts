import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withoutFolder, type OrtSession } from '../../../models/onnx/session.ts';

test.for([
  ['at once', undefined],
  // Of a file that is mapped, as Windows tells it.
  ['once it is closed, where files of it are in use till then', () => Promise.reject(new Error('EBUSY'))],
] as const)('the folder a session was loaded from is removed %s', async ([, remove]) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-session-'));
  await writeFile(path.join(folder, 'model.onnx'), '');
  const events: string[] = [];
  const close = (): void => void events.push('closed');
  const session: OrtSession = { inputs: [], outputs: [], run: () => ({}), close };
  const kept = await withoutFolder(session, folder, remove);
  expect(existsSync(folder)).toBe(remove !== undefined);
  kept.close();
  expect(existsSync(folder)).toBe(false);
  expect(events).toEqual(['closed']);
});
