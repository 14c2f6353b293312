import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../core/make-folder.ts';

/** A folder for files that are needed only while `work` lasts. */
export async function withBriefFolder<Result>(
  parent: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  await makeFolder(path.resolve(parent));
  const folder = await mkdtemp(path.join(parent, 'search-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
