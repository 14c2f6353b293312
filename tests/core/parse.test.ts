import { expect, test } from 'vitest';
import * as z from 'zod';
import { AssayError } from '../../core/errors.ts';
import { parseIfJson, parseJson, parseWith, type Source } from '../../core/parse.ts';

const schema = z.strictObject({
  id: z.string().min(1),
  limits: z.strictObject({ maxDrop: z.number().min(0) }),
});
const source: Source = {
  what: 'suite',
  where: 'digits.suite.json',
  code: 'suite-invalid',
  hint: 'assay validate',
};

function errorOf(action: () => unknown): AssayError {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof AssayError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

test('a value that fits comes back typed', () => {
  const value: z.output<typeof schema> = parseWith(schema, { id: 'a', limits: { maxDrop: 0.1 } }, source);
  expect(value.limits.maxDrop).toBe(0.1);
});

test('every wrong field has a line with its path and what was found', () => {
  const error = errorOf(() => parseWith(schema, { id: '', limits: { maxDrop: -1 }, extra: 1 }, source));
  expect(error).toMatchObject({ code: 'suite-invalid', hint: 'assay validate' });
  expect(error.message).toMatchInlineSnapshot(`
    "Invalid suite in digits.suite.json:
      id: expected a string of at least 1 character; found ""
      limits.maxDrop: expected a number of at least 0; found -1
      (top level): Unrecognized key: "extra""
  `);
});

test('a field that is not there is missing, and a long value is cut', () => {
  const error = errorOf(() => parseWith(schema, { id: 1, limits: { maxDrop: 'x'.repeat(1000) } }, source));
  expect(error.message).toMatch(/found "x{79}…$/);
  expect(errorOf(() => parseWith(schema, { id: 'a' }, source)).message).toMatchInlineSnapshot(`
    "Invalid suite in digits.suite.json:
      limits: missing; expected an object"
  `);
  const either = z.object({ kind: z.enum(['a', 'b']) });
  expect(errorOf(() => parseWith(either, {}, source)).message).toMatchInlineSnapshot(`
    "Invalid suite in digits.suite.json:
      kind: missing; expected one of "a"|"b""
  `);
});

test('a value that fits no shape of several says what they are, or what is wrong with the one it has', () => {
  const either = z.object({ metric: z.union([z.string().min(1), z.strictObject({ id: z.string() })]) });
  const messageOf = (metric?: unknown): string =>
    errorOf(() => parseWith(either, { metric }, source)).message.split('\n')[1] ?? '';
  expect([messageOf(1), messageOf(), messageOf(''), messageOf({ id: 2 })]).toMatchInlineSnapshot(`
    [
      "  metric: Invalid input: expected a string or an object; found 1",
      "  metric: missing; expected a string or an object",
      "  metric: expected a string of at least 1 character; found """,
      "  metric.id: expected a string; found 2",
    ]
  `);
});

test('of a union the words that are accepted are told beside its other shapes', () => {
  const either = z.object({
    scaling: z.union([z.enum(['none', 'unit']), z.strictObject({ by: z.number() })]),
  });
  const errorsOf = [{}, { scaling: 'nome' }].map((given) => errorOf(() => parseWith(either, given, source)));
  expect(errorsOf.map(({ message }) => message.split('\n')[1])).toEqual([
    '  scaling: missing; expected "none" or "unit" or an object',
    '  scaling: Invalid input: expected "none" or "unit" or an object; found "nome"',
  ]);
});

test('of very many wrong fields the first twenty are told, and how many more there are', () => {
  const numbers = z.array(z.number());
  const lines = errorOf(() => parseWith(numbers, Array(25).fill('x'), source)).message.split('\n');
  expect(lines).toHaveLength(22);
  expect(lines.at(-1)).toBe('  and 5 more');
});

test('a wrong value at the top has no path to name', () => {
  expect(errorOf(() => parseWith(schema, 'text', source)).message).toContain('(top level): ');
});

test('JSON that does not parse names its file', () => {
  const error = errorOf(() => parseJson(schema, '{"id": ', { ...source, code: 'record-invalid' }));
  expect(error.code).toBe('record-invalid');
  expect(error.message).toMatch(/^digits\.suite\.json is not valid JSON: .+\.$/);
});

test('JSON that parses is checked like any value', () => {
  expect(parseJson(schema, '{"id":"a","limits":{"maxDrop":0}}', source).id).toBe('a');
  expect(errorOf(() => parseJson(schema, '{"id":1}', source)).message).toContain('id: ');
});

test('text of a stranger is its value where it is JSON, and nothing else where it is not', () => {
  expect([parseIfJson('{"id":"a"}'), parseIfJson('{"id": '), parseIfJson('')]).toEqual([
    { id: 'a' },
    null,
    null,
  ]);
});

test('JSON may begin with the mark of its encoding, as programs of Windows write it', () => {
  const text = '\uFEFF{"id":"a","limits":{"maxDrop":0}}\r\n';
  expect(parseJson(schema, text, source).id).toBe('a');
  expect(parseIfJson(text)).toEqual({ id: 'a', limits: { maxDrop: 0 } });
});
