import { expect, test } from 'vitest';
import { AssayError, exitCodes, messageOf } from '../../core/errors.ts';

test('an error carries its code, its hint, its cause and the exit code that follows from the code', () => {
  const cause = new Error('disk');
  const error = new AssayError('suite-invalid', 'The suite is wrong.', { hint: 'assay validate', cause });
  expect(error).toMatchObject({
    name: 'AssayError',
    code: 'suite-invalid',
    hint: 'assay validate',
    exitCode: 2,
  });
  expect(error.cause).toBe(cause);
  expect(error).toBeInstanceOf(Error);
});

test('an error without details has neither hint nor cause', () => {
  const error = new AssayError('interrupted', 'Stopped.');
  expect(error.hint).toBeUndefined();
  expect('cause' in error).toBe(false);
  expect(error.exitCode).toBe(130);
});

test.each([
  ['usage-invalid', exitCodes.invalid],
  ['target-unavailable', exitCodes.incomplete],
  ['nothing-measured', exitCodes.incomplete],
] as const)('%s leaves with exit code %i', (code, exitCode) => {
  expect(new AssayError(code, 'x').exitCode).toBe(exitCode);
});

test('anything thrown has a message', () => {
  expect(messageOf(new TypeError('no'))).toBe('no');
  expect(messageOf(new Error('Failed to allocate memory\n'))).toBe('Failed to allocate memory');
  expect(messageOf('just text')).toBe('just text');
  expect(messageOf(undefined)).toBe('undefined');
});
