import { fork } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharedCompileCache } from '../core/compile-cache.ts';
import { AssayError } from '../core/errors.ts';
import { exitInWords, isInterruption } from '../core/exit-in-words.ts';
import { siblingModule } from '../core/package-root.ts';
import type { AstroRequest } from './astro-process.ts';

/**
 * Builds the pages into `<workDir>/out`, in a process of its own: Astro works below its current folder and reads its
 * settings from the environment.
 */
export async function runAstro(request: AstroRequest): Promise<void> {
  await symlink(packagesFolder(), path.join(request.workDir, 'node_modules'), 'junction');
  const child = fork(siblingModule(import.meta.url, './astro-process'), {
    cwd: request.workDir,
    env: {
      ...process.env,
      ...sharedCompileCache(),
      ASTRO_TELEMETRY_DISABLED: '1',
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output: string[] = [];
  child.stdout?.on('data', (text: Buffer) => output.push(text.toString()));
  child.stderr?.on('data', (text: Buffer) => output.push(text.toString()));
  child.send(request);
  const ended = await new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...end) => {
      resolve(end);
    });
  });
  if (ended[0] !== 0) throw failure(ended, output.join(''));
}

/** The `node_modules` that holds Astro, which looks for itself below the folder it builds in. */
function packagesFolder(): string {
  return path.dirname(path.dirname(fileURLToPath(import.meta.resolve('astro/package.json'))));
}

type Ended = [code: number | null, signal: NodeJS.Signals | null];

function failure(ended: Ended, output: string): Error {
  if (isInterruption(...ended)) {
    return new AssayError('interrupted', 'The report was not finished; an earlier one is kept.');
  }
  return new Error(`internal: Astro ended with ${exitInWords(...ended)}: ${output.slice(-4000)}`);
}
