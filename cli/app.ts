import {
  buildApplication,
  ExitCode as StricliExit,
  help,
  run,
  version,
  type PartialApplicationConfiguration,
  type StricliProcess,
} from '@stricli/core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { exitCodes, type ExitCode } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import { refusal } from './command.ts';
import type { CliContext } from './lazy-command.ts';
import { routes } from './routes/routes.ts';

const formatting = {
  useAliasInUsageLine: false,
  onlyRequiredInUsageLine: true,
  caseStyle: 'convert-camel-to-kebab',
} as const;

const settings: PartialApplicationConfiguration = {
  name: 'assay',
  scanner: { caseStyle: 'allow-kebab-for-camel' },
};

/** Parses the arguments, runs the command and returns the exit code; never ends the process itself. */
export async function runCli(args: readonly string[]): Promise<ExitCode> {
  const integrations = {
    help: help<CliContext>({ brief: 'Print this help', formatting }),
    version: version<CliContext>({ brief: 'Print the version', info: { currentVersion: ownVersion() } }),
  };
  const app = buildApplication(routes, settings, integrations);
  const { stdout, env } = process;
  const { stderr, told } = overheard(process.stderr);
  const context: CliContext & { process: StricliProcess & { exitCode: number | null } } = {
    process: { stdout, stderr, env, exitCode: null },
    outcome: { exitCode: null },
  };
  await run(app, args.length === 0 ? ['--help'] : args, context);
  if (context.outcome.exitCode !== null) return context.outcome.exitCode;
  const code = toExitCode(context.process.exitCode);
  if (code !== exitCodes.pass) refuse(args, told.join(''), context.process.exitCode);
  return code;
}

function ownVersion(): string {
  const text = readFileSync(path.join(packageRoot, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Stricli has told what it did not understand; this says where to look it up, and tells programs. */
function refuse(args: readonly string[], told: string, stricliCode: number | null): void {
  const [command = ''] = args;
  const isUnknown = stricliCode === StricliExit.UnknownCommand;
  const hint = isUnknown ? 'assay --help' : `assay ${command} --help`;
  process.stderr.write(`  Next: ${hint}\n`);
  if (args.includes('--json')) process.stdout.write(refusal(command, told, hint));
}

/** A stream that passes on what it is told and remembers it: the parser answers bad usage there and nowhere else. */
function overheard(stream: NodeJS.WriteStream): { stderr: StricliProcess['stderr']; told: string[] } {
  const told: string[] = [];
  const write = (text: string): void => {
    told.push(text);
    stream.write(text);
  };
  // Only a terminal knows how many colours it has.
  const colours = stream.isTTY ? { getColorDepth: stream.getColorDepth.bind(stream) } : {};
  return { stderr: { write, ...colours }, told };
}

/** Stricli's own codes are negative; all but a failed load mean that what the user typed was wrong. */
function toExitCode(code: number | null): ExitCode {
  if (code === StricliExit.Success) return exitCodes.pass;
  return code === StricliExit.UnknownCommand || code === StricliExit.InvalidArgument
    ? exitCodes.invalid
    : exitCodes.internal;
}
