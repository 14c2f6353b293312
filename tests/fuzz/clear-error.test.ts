import { expect, test } from 'vitest';
import { whatIsUnclear } from './clear-error.ts';

const clear = {
  exitCode: 2,
  stdout: '',
  stderr: 'Error: a.csv, line 3: "x" is no number.\n  Next: mend it\n',
};

test('an error that names the thing and what it found is clear, as is a success', () => {
  expect(whatIsUnclear(clear)).toEqual([]);
  expect(whatIsUnclear({ exitCode: 0, stdout: 'ok\n', stderr: '' })).toEqual([]);
});

test.each(['cannot read the model', 'cannot load the model itself'])(
  'what TF.js says is told as its words: it %s',
  (what) => {
    const stdout = `mine/model.json: TF.js ${what}: Expected units to be a positive integer, but got undefined.`;
    expect(whatIsUnclear({ exitCode: 4, stdout, stderr: '' })).toEqual([]);
  },
);

test.each([
  [{ exitCode: 5 }, 'exit code 5'],
  [{ exitCode: NaN }, 'exit code NaN'],
  [{ stderr: '' }, 'no error'],
  [{ stderr: `Error: ${'x'.repeat(9000)}` }, '9007 characters'],
  [{ stderr: 'Error: bad\n    at read (file:///cli/main.ts:3:7)\n' }, 'a stack trace'],
  [{ stderr: 'Error: [ { "code": "invalid_type" } ]' }, 'a dump of zod'],
  [{ stderr: "Error: Cannot read properties of null (reading 'a')" }, 'an error of the language'],
  [{ stderr: 'Error: found undefined' }, 'a value without a form'],
  [{ stderr: 'Error: \u001b[2J' }, 'a control character'],
  [{ exitCode: 4, stdout: 'x.map is not a function' }, 'an error of the language'],
])('%j is told as what is wrong with it', (change, fault) => {
  expect(whatIsUnclear({ ...clear, ...change })).toContain(fault);
});
