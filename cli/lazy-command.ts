import type { CommandContext } from '@stricli/core';
import type { ExitCode } from '../core/errors.ts';
import type { CommandResult, CommonFlags } from './command.ts';
import { present } from './command.ts';

/** Stricli writes its own code to `process`; a command's code goes to `outcome`, which wins. */
export interface CliContext extends CommandContext {
  outcome: { exitCode: ExitCode | null };
}

type Handler<Flags, Args extends readonly string[]> = (
  this: CliContext,
  flags: Flags,
  ...args: Args
) => Promise<void>;

/** A stricli command whose code is loaded when it is called. */
export function lazyCommand<Flags extends CommonFlags, Args extends readonly string[]>(
  name: string,
  load: () => Promise<(flags: Flags, args: Args) => Promise<CommandResult>>,
): () => Promise<Handler<Flags, Args>> {
  return async () => {
    const body = await load();
    return async function (flags, ...args) {
      this.outcome.exitCode = await present({ name, flags }, () => body(flags, args));
    };
  };
}
