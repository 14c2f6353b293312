import type * as z from 'zod';
import { AssayError, type ErrorCode } from './errors.ts';

/** Where an untrusted value came from, for the error message. */
export interface Source {
  /** What it is, e.g. `suite`. */
  what: string;
  /** The file or flag, e.g. `suites/catalog/digits.suite.json`. */
  where: string;
  code: ErrorCode;
  hint?: string;
}

/** Turns an untrusted value into a typed one, or throws an AssayError with a line for each wrong field. */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  source: Source,
): z.output<Schema> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const lines = linesOf(result.error.issues);
  throw new AssayError(source.code, `Invalid ${source.what} in ${source.where}:\n${lines.join('\n')}`, {
    ...(source.hint === undefined ? {} : { hint: source.hint }),
    cause: result.error,
  });
}

/** Parses JSON text, then the value; a syntax error names the file and the position. */
export function parseJson<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  source: Source,
): z.output<Schema> {
  return parseWith(schema, readJson(text, source), source);
}

/** The value of JSON text, which programs of Windows begin with a mark of its encoding; throws a SyntaxError. */
export function jsonOf(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''));
}

function readJson(text: string, source: Source): unknown {
  try {
    return jsonOf(text);
  } catch (cause) {
    throw new AssayError(
      source.code,
      `${source.where} is not valid JSON: ${(cause as SyntaxError).message}.`,
      { cause },
    );
  }
}

/** The value of JSON text; null where it is none, which the text of a stranger need not be. */
export function parseIfJson(text: string): unknown {
  try {
    return jsonOf(text);
  } catch {
    return null;
  }
}

/** Whoever wrote so many wrong fields has one mistake behind them. */
const mostLines = 20;

function linesOf(issues: readonly z.core.$ZodIssue[]): string[] {
  const lines = issues.slice(0, mostLines).map((issue) => `  ${describeIssue(issue)}`);
  return issues.length > mostLines ? [...lines, `  and ${issues.length - mostLines} more`] : lines;
}

/** Longer values are cut: they say no more, and hide the rest. */
const longestFound = 80;

function describeIssue(issue: z.core.$ZodIssue, within: readonly PropertyKey[] = []): string {
  const path = [...within, ...issue.path];
  const [only, ...others] = issue.code === 'invalid_union' ? likeliest(issue.errors) : [];
  // One of the shapes that are accepted was meant: what is wrong with it says more.
  if (only !== undefined && others.length === 0) return describeIssue(only, path);
  const field = path.length === 0 ? '(top level)' : path.map(String).join('.');
  return `${field}: ${saidOf(issue)}${describeInput(issue)}`;
}

/** What is accepted in place of a value, in plain words. */
export function saidOf(issue: z.core.$ZodIssue): string {
  const said =
    issue.code === 'invalid_union' ? `Invalid input${orEach(issue.errors)}` : inPlainWords(issue.message);
  if (issue.input !== undefined || !/^(?:Invalid|expected) /.test(said)) return said;
  return `missing; ${said.replace(/^Invalid \w+(?:: )?/, '')}`.replace(/; $/, '');
}

const types: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a string',
};

function typeInWords(type: string): string {
  return types[type] ?? type;
}

const bounds: Readonly<Record<string, string>> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
  '<': 'less than',
};

/** Of another type, too small and too big, as zod tells them. */
function inPlainWords(message: string): string {
  const type = /^Invalid input: expected (\w+), received \w+$/.exec(message)?.[1];
  if (type !== undefined) return `expected ${typeInWords(type)}`;
  const found = /^Too (?:small|big): expected (\w+) to (?:be|have) ([<>]=?)(\S+)(?: (\w+)s)?$/.exec(message);
  if (found === null) return message;
  const [, what = '', sign = '', bound = '', unit] = found;
  const counted = unit === undefined ? bound : `${bound} ${unit}${bound === '1' ? '' : 's'}`;
  return `expected ${what === 'array' ? 'a list of' : `a ${what} of`} ${bounds[sign] ?? sign} ${counted}`;
}

type Alternatives = readonly (readonly z.core.$ZodIssue[])[];

/** What is wrong with the one alternative of a union whose type the value has; empty where that is none or several. */
function likeliest(alternatives: Alternatives): readonly z.core.$ZodIssue[] {
  const meant = alternatives.filter((issues) => !issues.some(isOfWhole));
  return meant.length === 1 ? (meant[0]?.slice(0, 1) ?? []) : [];
}

function isOfWhole({ code, path }: z.core.$ZodIssue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

function orEach(alternatives: Alternatives): string {
  const expected = alternatives.flatMap(([first]) => (first === undefined ? [] : expectedBy(first)));
  return expected.length === 0 ? '' : `: expected ${[...new Set(expected)].join(' or ')}`;
}

function expectedBy(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_type') return [typeInWords(issue.expected)];
  return issue.code === 'invalid_value' ? issue.values.map((value) => JSON.stringify(value)) : [];
}

function describeInput(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined || typeof issue.input === 'object') return '';
  const found = JSON.stringify(issue.input);
  return `; found ${found.length > longestFound ? `${found.slice(0, longestFound)}…` : found}`;
}
