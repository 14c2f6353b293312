import { spawnSync } from 'node:child_process';

/** Runs a program the platform may not have: what it printed, or null where it is not there, fails or takes over 10 s. */
export type RunProgram = (program: string, args: readonly string[]) => string | null;

export const runProgramIfThere: RunProgram = (program, args) => {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 10_000,
    windowsHide: true,
  });
  return status === 0 ? stdout : null;
};
