/** What a command line said and ended with. */
export interface Ending {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Anything longer buries what it tells. */
const longestMessage = 8_000;

/** What a library says of a file is its own affair, as long as it is told whose words they are. */
const quoted = /(?:TF\.js cannot (?:read|run|load) the model|is not valid Parquet: parquet) ?.*$/gm;

const faults: readonly [what: string, pattern: RegExp][] = [
  ['a stack trace', /^\s+at .+:\d+:\d+\)?$/m],
  ['a dump of zod', /ZodError|"code": "(?:invalid_|unrecognized_|too_|custom)/],
  [
    'an error of the language',
    /Cannot (?:read|set) propert|Cannot (?:convert|mix|destructure|access) |is not (?:a function|iterable|a constructor|defined)\b|Invalid (?:array|typed array|string|DataView) length|Maximum call stack|out of bounds|Reduce of empty|before initialization|could not be cloned|has no initializer|circular structure/,
  ],
  ['a fault of Assay', /\binternal:|fault of Assay|[Uu]nhandled rejection/],
  ['a value without a form', /\[object Object\]|\bundefined\b/],
  ['a control character', /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/],
];

/** What is wrong with how a command ended, for each thing that is; empty where it succeeded or failed with a clear error. */
export function whatIsUnclear({ exitCode, stdout, stderr }: Ending): string[] {
  const said = `${stdout}\n${stderr}`.replaceAll(quoted, '');
  const found = faults.filter(([, pattern]) => pattern.test(said)).map(([what]) => what);
  if (![0, 1, 2, 3, 4].includes(exitCode)) found.push(`exit code ${exitCode}`);
  if (exitCode === 2 && !stderr.startsWith('Error: ')) found.push('no error');
  if (stderr.length > longestMessage) found.push(`${stderr.length} characters`);
  return found;
}
