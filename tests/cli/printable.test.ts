import { expect, test } from 'vitest';
import { AssayError } from '../../core/errors.ts';
import { present } from '../../cli/command.ts';
import { printable, withoutEndlessWords } from '../../cli/printable.ts';

test('control characters are written out; text, lines and tabs stay', () => {
  expect(printable('a\u001b[31mb\u0007\u009b\r')).toBe('a\\u001b[31mb\\u0007\\u009b\\u000d');
  expect(printable('é 漢\t→\n')).toBe('é 漢\t→\n');
});

test('neither an answer nor an error that holds a name of others colours the terminal', async () => {
  const said: string[] = [];
  const stream = { write: (text: string) => said.push(text) } as unknown as NodeJS.WritableStream;
  const streams = { stdout: stream, stderr: stream };
  const command = { name: 'list', flags: { json: false, verbose: false } };
  await present(command, () => Promise.resolve({ exitCode: 0, data: null, text: '\u001b[2Jmine' }), streams);
  await present(command, () => Promise.reject(new AssayError('not-found', 'no \u001b[2J')), streams);
  expect(said).toEqual(['\\u001b[2Jmine\n', 'Error: no \\u001b[2J\n']);
});

test('a word that would bury the rest of an error is cut, and a path is not', () => {
  expect(withoutEndlessWords(`no file ${'a'.repeat(5000)} here`)).toBe(
    `no file ${'a'.repeat(200)}… (5000 characters) here`,
  );
  expect(withoutEndlessWords(`/${'folder/'.repeat(100)}x`)).toBe(`/${'folder/'.repeat(100)}x`);
});
