import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: packageRoot,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(path.join(packageRoot, file)));
const documents = tracked.filter((file) => file.endsWith('.md'));
const folders = [
  ...new Set(tracked.filter((file) => /^[a-z]+\//.test(file)).map((file) => file.split('/')[0] ?? '')),
];

test.each(folders)('%s/ says who lives there', (folder) => {
  expect(documents).toContain(`${folder}/README.md`);
});

test.each(documents)('every link of %s to a file leads to one', (document) => {
  const text = readFileSync(path.join(packageRoot, document), 'utf8');
  const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target ?? '');
  const missing = targets.filter(
    (target) => !existsSync(path.join(packageRoot, path.dirname(document), target)),
  );
  expect(missing).toEqual([]);
});

test('README fits one screen', () => {
  expect(readFileSync(path.join(packageRoot, 'README.md'), 'utf8').split('\n').length).toBeLessThanOrEqual(
    70,
  );
});
