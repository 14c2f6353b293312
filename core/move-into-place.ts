import { rename as renameNow } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** What Windows answers while another program, such as one that looks for viruses, has a file open. */
const inUse: readonly unknown[] = ['EACCES', 'EBUSY', 'EPERM'];
/** Two seconds in all; who looks at a new file is done after a few of the first. */
const waitsMs = [10, 20, 40, 80, 150, 300, 500, 900];

export interface MoveEffects {
  platform?: NodeJS.Platform;
  rename?: (from: string, to: string) => Promise<void>;
  wait?: (ms: number) => Promise<unknown>;
}

/** Renames a file or a folder, over a file that is there; on Windows again and again while another program has one of them open. */
export async function moveIntoPlace(
  from: string,
  to: string,
  { platform = process.platform, rename = renameNow, wait = sleep }: MoveEffects = {},
): Promise<void> {
  for (const ms of platform === 'win32' ? waitsMs : []) {
    try {
      await rename(from, to);
      return;
    } catch (cause) {
      if (!inUse.includes((cause as NodeJS.ErrnoException).code)) throw cause;
    }
    await wait(ms);
  }
  await rename(from, to);
}
