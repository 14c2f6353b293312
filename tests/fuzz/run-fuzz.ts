import { fork } from 'node:child_process';
import { bundled } from '../bundled.ts';
import type { FuzzRequest, Tried } from './messages.ts';

/** What came of many mutations. */
export interface Fuzzed {
  /** How many ended with each exit code. */
  exitCodes: Record<number, number>;
  /** What must not be, with its seed: an unclear error, an end of the process, no end at all. */
  findings: string[];
}

/** Longer than any limit of a task within. */
const longestMs = 120_000;

/** Tries all mutations, in a process that is started again after one that ended it. */
export async function runFuzz(request: FuzzRequest): Promise<Fuzzed> {
  const tried: Tried[] = [];
  const findings: string[] = [];
  const end = request.firstSeed + request.mutations;
  for (let seed = request.firstSeed; seed < end;) {
    const { why, done } = await fuzzFrom({ ...request, firstSeed: seed, mutations: end - seed });
    tried.push(...done);
    seed += done.length;
    if (seed < end) findings.push(`${request.subject} ${seed++}: ${why}`);
  }
  for (const { seed, unclear } of tried)
    findings.push(...unclear.map((text) => `${request.subject} ${seed}: ${text}`));
  return { exitCodes: countBy(tried), findings };
}

function fuzzFrom(request: FuzzRequest): Promise<{ done: Tried[]; why: string }> {
  const child = fork(bundled('fuzz-process'), { stdio: 'pipe' });
  const done: Tried[] = [];
  let said = '';
  let isLate = false;
  const stop = (): void => {
    isLate = true;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(stop, longestMs);
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
  child.on('message', (one: Tried) => {
    done.push(one);
    clearTimeout(timer);
    timer = setTimeout(stop, longestMs);
  });
  child.send(request);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const why = isLate
        ? `nothing within ${longestMs} ms`
        : `the process ended by ${signal ?? code}: ${said}`;
      resolve({ done, why });
    });
  });
}

function countBy(tried: readonly Tried[]): Record<number, number> {
  const byCode = Map.groupBy(tried, ({ exitCode }) => exitCode);
  return Object.fromEntries([...byCode].map(([code, of]) => [code, of.length]));
}
