import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile, type FileHandle } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { writeWhole } from '../../core/write-whole.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'assay-write-'));
});

test('a file takes the place of the one that was there, and nothing is left beside it', async () => {
  const file = path.join(folder, 'a.json');
  for (const text of ['first', 'second']) await writeWhole(file, (to) => to.writeFile(text));
  expect(await readFile(file, 'utf8')).toBe('second');
  expect(await readdir(folder)).toEqual(['a.json']);
});

test('a file that the system takes only in part is refused with its name, and the one before it stays', async () => {
  const file = path.join(folder, 'a.json');
  await writeFile(file, 'before');
  const script = `
    import { writeWhole } from './core/write-whole.ts';
    try {
      await writeWhole(${JSON.stringify(file)}, (to) => to.writeFile('x'.repeat(100_000)));
    } catch (thrown) {
      process.stdout.write(JSON.stringify({ code: thrown.code, message: thrown.message }));
    }`;
  // A limit of 16 or 32 KiB, as shells count it: the system takes so much of one write, and refuses the next.
  const limited = `ulimit -f 32; exec "$0" --input-type=module --eval "$1"`;
  const { stdout } = await promisify(execFile)('sh', ['-c', limited, process.execPath, script], {
    cwd: packageRoot,
  });
  expect(JSON.parse(stdout)).toEqual({
    code: 'disk-full',
    message: expect.stringMatching(
      /^Cannot write .*a\.json: there is no room for it \(EFBIG, \d+ bytes are free\)\.$/,
    ) as string,
  });
  expect(await readFile(file, 'utf8')).toBe('before');
  expect(await readdir(folder)).toEqual(['a.json']);
});

test('a file is looked at whole before it appears, and one that is refused then never does', async () => {
  const file = path.join(folder, 'a.json');
  await writeFile(file, 'before');
  const seen: string[] = [];
  const refused = new Error('not this one');
  const prove = async (beside: string): Promise<void> => {
    seen.push(path.dirname(beside), await readFile(beside, 'utf8'), await readFile(file, 'utf8'));
    throw refused;
  };
  await expect(writeWhole(file, (to) => to.writeFile('after'), { prove })).rejects.toBe(refused);
  expect(seen).toEqual([folder, 'after', 'before']);
  expect(await readdir(folder)).toEqual(['a.json']);
});

test.for([
  ['win32', true],
  ['linux', false],
] as const)('on %s, that a file is closed when it is looked at is %s', async ([platform, isClosed]) => {
  const file = path.join(folder, 'a.json');
  const closed: boolean[] = [];
  let handle: FileHandle | null = null;
  const write = (to: FileHandle): Promise<void> => {
    handle = to;
    return to.writeFile('text');
  };
  const prove = (): Promise<void> => Promise.resolve(void closed.push(handle?.fd === -1));
  await writeWhole(file, write, { prove, platform });
  expect(closed).toEqual([isClosed]);
  expect(await readFile(file, 'utf8')).toBe('text');
});

test('a folder that is not there is told with the file', async () => {
  const file = path.join(folder, 'none/a.json');
  await expect(writeWhole(file, () => Promise.resolve())).rejects.toMatchObject({
    code: 'results-unwritable',
    message: `Cannot write to ${file}: the folder ${path.dirname(file)} is not there any more.`,
    hint: 'let nothing remove it meanwhile, and give the same command again',
  });
});

test('what is no refusal of the system stays what it is', async () => {
  const broken = new Error('internal: no bytes');
  await expect(writeWhole(path.join(folder, 'a'), () => Promise.reject(broken))).rejects.toBe(broken);
});

test('a path that leads through a file is told as such', async () => {
  const file = path.join(folder, 'a-file');
  await writeFile(file, '');
  await expect(writeWhole(path.join(file, 'results.json'), () => Promise.resolve())).rejects.toThrow(
    'results.json: a part of its path is a file, where a folder is accepted.',
  );
});
