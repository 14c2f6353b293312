import os from 'node:os';
import path from 'node:path';

/** Where Assay keeps what belongs to the user and not to a project, as the platform has it. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const base = { darwin: path.join(os.homedir(), 'Library', 'Caches'), win32: environment.LOCALAPPDATA };
  const named = environment.XDG_CACHE_HOME ?? base[process.platform as keyof typeof base];
  return path.join(named ?? path.join(os.homedir(), '.cache'), 'assay');
}
