import { expect, test } from 'vitest';
import { present } from '../../cli/command.ts';
import { AssayError } from '../../core/errors.ts';

test('an error of data says what to do next, its own hint before the usual one', async () => {
  const said: string[] = [];
  const stream = { write: (text: string) => said.push(text) } as unknown as NodeJS.WritableStream;
  const command = { name: 'validate', flags: { json: false, verbose: false } };
  for (const details of [{}, { hint: 'write the file anew' }]) {
    const error = new AssayError('dataset-invalid', 'my.csv, row 3: no number.', details);
    await present(command, () => Promise.reject(error), { stdout: stream, stderr: stream });
  }
  expect(said).toEqual([
    'Error: my.csv, row 3: no number.\n  Next: correct the data or their .dataset.json, whose sha256 and sizeBytes are of the file as it is; then give the same command again\n',
    'Error: my.csv, row 3: no number.\n  Next: write the file anew\n',
  ]);
});
