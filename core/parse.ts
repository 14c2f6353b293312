import type { z } from 'zod';
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
  const lines = result.error.issues.map((issue) => `  ${describeIssue(issue)}`);
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

function readJson(text: string, source: Source): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AssayError(
      source.code,
      `${source.where} is not valid JSON: ${(cause as SyntaxError).message}.`,
      { cause },
    );
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const field = issue.path.length === 0 ? '(top level)' : issue.path.join('.');
  return `${field}: ${issue.message}${describeInput(issue)}`;
}

function describeInput(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined || typeof issue.input === 'object') return '';
  return `; found ${JSON.stringify(issue.input)}`;
}
