/** Entry of a process that tries mutations one after another and tells of each; it dies as the command line would. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { present } from '../../cli/command.ts';
import { createRandom } from '../../core/random.ts';
import { startHost, type Host } from '../../runners/pool/supervise.ts';
import { projectAt, runCli } from '../cli/project.ts';
import { whatIsUnclear, type Ending } from './clear-error.ts';
import type { FuzzRequest, Tried } from './messages.ts';
import { subjects } from './subjects/registry.ts';
import type { Subject } from './subject.ts';

/** A host keeps every dataset it has opened. */
const mutationsPerHost = 500;

process.once('message', (request: FuzzRequest) => {
  void fuzz(request).then(() => {
    process.disconnect();
  });
});

async function fuzz(request: FuzzRequest): Promise<void> {
  const { subject: name, firstSeed, mutations } = request;
  let host = newHost();
  for (let seed = firstSeed; seed < firstSeed + mutations; seed++) {
    if (seed % mutationsPerHost === 0) {
      host.close();
      host = newHost();
    }
    process.send?.(await tryOne(seed, { request, subject: subjects[name], host }));
  }
  host.close();
}

function newHost(): Host {
  return startHost({ workers: 1, timeoutMs: 20_000 });
}

interface Trial {
  request: FuzzRequest;
  subject: Subject;
  host: Host;
}

async function tryOne(seed: number, { request, subject, host }: Trial): Promise<Tried> {
  // A folder of its own: the host knows datasets and models by their paths.
  const folder = path.join(request.folder, String(seed));
  await mkdir(folder, { recursive: true });
  await subject.write(projectAt(folder), createRandom(seed));
  const endings = [await endingOf(() => subject.use(folder, host))];
  if (seed % request.spawnEvery === 0) endings.push(await runCli(folder, ...subject.args));
  const unclear = endings.flatMap((ending) => {
    const faults = whatIsUnclear(ending);
    return faults.length === 0 ? [] : [`${faults.join(', ')}:\n${ending.stderr}${ending.stdout}`];
  });
  if (unclear.length === 0) await rm(folder, { recursive: true });
  return { seed, exitCode: endings[0]?.exitCode ?? NaN, unclear };
}

/** Presented as the command line does it. */
async function endingOf(use: () => ReturnType<Subject['use']>): Promise<Ending> {
  const [stdout, stderr] = [kept(), kept()];
  const flags = { json: false, verbose: false };
  const exitCode = await present({ name: 'fuzz', flags }, use, { stdout, stderr });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function kept(): Writable & { text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return Object.assign(stream, { text: () => Buffer.concat(chunks).toString() });
}
