/* eslint-disable no-console -- a command whose output is its result */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { families, type Family } from './families.ts';
import type { OracleCase } from './oracle-case.ts';
import { compareCase, type Tally } from './tally.ts';

/** Draws random cases from the Python oracles until each metric has its number, and prints the largest difference of each. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { cases: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
  });
  const python = path.resolve(import.meta.dirname, '../.venv/bin/python');
  if (!existsSync(python)) throw new Error('The oracles are not installed; next: npm run oracle:install');
  const chosen = (positionals.length === 0 ? Object.keys(families) : positionals) as Family[];
  let isEqual = true;
  for (const family of chosen) {
    const tallies = await drawCases(family, { python, seed: values.seed, cases: Number(values.cases) });
    isEqual = report(family, tallies) && isEqual;
  }
  process.exitCode = isEqual ? 0 : 1;
}

interface Draw {
  python: string;
  seed: string;
  cases: number;
}

async function drawCases(family: Family, { python, seed, cases }: Draw): Promise<Map<string, Tally>> {
  const child = spawn(python, ['stream.py', family, seed], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const tallies = new Map<string, Tally>();
  let drawn = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    compareCase(family, JSON.parse(line) as OracleCase, tallies);
    drawn++;
    if (drawn >= cases && [...tallies.values()].every((tally) => tally.cases >= cases)) break;
  }
  child.kill();
  if (drawn < cases) throw new Error(`The ${family} oracle stopped after ${drawn} cases.`);
  return tallies;
}

function report(family: Family, tallies: Map<string, Tally>): boolean {
  for (const [name, { cases, valued, largestDifference, failures }] of tallies) {
    console.log([family, name, cases, valued, largestDifference.toExponential(1)].join('\t'));
    for (const failure of failures) console.log(`  ${failure}`);
  }
  return [...tallies.values()].every(({ failures }) => failures.length === 0);
}

await main();
