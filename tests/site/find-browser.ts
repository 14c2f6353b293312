import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { packageRoot } from '../../core/package-root.ts';

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * A Chromium to test in: `CHROME_PATH` or `CHROMIUM_PATH`, the system's, or Playwright's own; where there is none, one is
 * installed. Throws with the choices where that fails too.
 */
export function findBrowser(): string {
  const found = named() ?? onPath() ?? ofPlaywright() ?? fromDebian() ?? fromPlaywright();
  if (found !== null) return found;
  throw new Error(
    'The site tests need Chromium. Install it (apt-get install chromium), or set CHROME_PATH to its program, ' +
      'or run: npx playwright-core install chromium',
  );
}

function named(): string | null {
  const file = process.env.CHROME_PATH ?? process.env.CHROMIUM_PATH;
  if (file === undefined) return null;
  if (existsSync(file)) return file;
  throw new Error(`CHROME_PATH or CHROMIUM_PATH is ${file}, which is not there.`);
}

function onPath(): string | null {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const macs = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
  const files = [
    ...programs.flatMap((program) => folders.map((folder) => path.join(folder, program))),
    ...macs,
  ];
  return files.find((file) => existsSync(file)) ?? null;
}

function ofPlaywright(): string | null {
  const file = chromium.executablePath();
  return existsSync(file) ? file : null;
}

function fromDebian(): string | null {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return null;
  run('apt-get', ['update']);
  run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
  return onPath();
}

function fromPlaywright(): string | null {
  run(process.execPath, [
    path.join(packageRoot, 'node_modules', 'playwright-core', 'cli.js'),
    'install',
    'chromium',
  ]);
  return ofPlaywright();
}

function run(program: string, parameters: readonly string[]): void {
  spawnSync(program, parameters, { stdio: 'ignore', timeout: 240_000 });
}
