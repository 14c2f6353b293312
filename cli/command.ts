import { stripVTControlCharacters } from 'node:util';
import { AssayError, exitCodes, messageOf, type ErrorCode, type ExitCode } from '../core/errors.ts';
import { printable, withoutEndlessWords } from './printable.ts';

/** A reason why a command does not pass, for programs. */
export interface CommandError {
  code: string;
  message: string;
  hint: string | null;
}

/** What a command came to. `text` and `data` are the same answer, for people and for programs. */
export interface CommandResult {
  exitCode: ExitCode;
  data: unknown;
  text: string;
  /** Why the exit code is not 0: the envelope lists them, `text` tells them in its own way. */
  errors?: readonly CommandError[];
}

/** Flags that every command takes. */
export interface CommonFlags {
  json: boolean;
  verbose: boolean;
}

/** Where a command writes: stdout is the data asked for, stderr everything else. */
export interface Streams {
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
}

export const processStreams: Streams = { stdout: process.stdout, stderr: process.stderr };

/** Runs a command body, prints its answer or its error, and returns the exit code. */
export async function present(
  { name, flags }: { name: string; flags: CommonFlags },
  body: () => Promise<CommandResult>,
  { stdout, stderr }: Streams = processStreams,
): Promise<ExitCode> {
  try {
    const { exitCode, data, text, errors = [] } = await body();
    const ok = exitCode === exitCodes.pass;
    stdout.write(flags.json ? envelope({ ok, command: name, data, errors }) : withNewline(printable(text)));
    return exitCode;
  } catch (thrown) {
    const error = describe(thrown);
    const isFileFault = error.code === 'file-system';
    if (flags.json) stdout.write(envelope({ ok: false, command: name, data: null, errors: [error] }));
    stderr.write(withoutEndlessWords(printable(errorText(thrown, flags.verbose))));
    if (isFileFault) return exitCodes.invalid;
    return thrown instanceof AssayError ? thrown.exitCode : exitCodes.internal;
  }
}

/** The envelope of a command line that was not understood. */
export function refusal(command: string, message: string, hint: string): string {
  const error = {
    code: 'usage-invalid',
    message: stripVTControlCharacters(message).trim(),
    hint,
  };
  return envelope({ ok: false, command, data: null, errors: [error] });
}

interface Envelope {
  ok: boolean;
  command: string;
  data: unknown;
  errors: readonly CommandError[];
}

function envelope(content: Envelope): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** What to do where an error, told far from the command line, says no more than what is wrong. */
const usualHints: Partial<Record<ErrorCode, string>> = {
  'dataset-invalid':
    'correct the data or their .dataset.json, whose sha256 and sizeBytes are of the file as it is; then give the same command again',
};

function describe(thrown: unknown): CommandError {
  if (isFileSystemError(thrown)) {
    return { code: 'file-system', message: thrown.message, hint: 'check the path and its permissions' };
  }
  if (!(thrown instanceof AssayError)) return { code: 'internal', message: messageOf(thrown), hint: null };
  const hint = thrown.hint ?? usualHints[thrown.code] ?? null;
  return { code: thrown.code, message: thrown.message, hint };
}

/** A file that is a folder, a path through a file, no permission: the user's to mend, wherever it came up. */
function isFileSystemError(thrown: unknown): thrown is NodeJS.ErrnoException {
  return thrown instanceof Error && 'syscall' in thrown && 'path' in thrown && 'code' in thrown;
}

function errorText(thrown: unknown, verbose: boolean): string {
  const { code, message, hint } = describe(thrown);
  const title = code === 'interrupted' ? message : `Error: ${message}`;
  const next = hint === null ? '' : `  Next: ${hint}\n`;
  const isBug = code === 'internal';
  const bug =
    isBug && !verbose ? '  This is a fault of Assay. The same command with --verbose shows where.\n' : '';
  const stack = verbose && thrown instanceof Error ? `${thrown.stack ?? ''}\n${causeOf(thrown)}` : '';
  return `${title}\n${next}${bug}${stack}`;
}

function causeOf(thrown: Error): string {
  return thrown.cause instanceof Error ? `caused by ${thrown.cause.stack ?? thrown.cause.message}\n` : '';
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
