import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock, type Clock } from '../../core/clock.ts';
import { AssayError } from '../../core/errors.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { Profile } from '../../models/explain/profile.ts';
import type { Target } from '../../suites/target.ts';
import { bindCall, bindInputs } from '../bind-inputs.ts';
import { loadSettings } from '../load-settings.ts';
import { importRunner } from '../registry.ts';
import type { Artifact, Session } from '../runner.ts';
import { readProfile } from './profile-events.ts';

export interface ProfileRequest {
  artifact: Artifact;
  target: Target;
  /** The first of the target where left out. */
  deviceIndex?: number;
  threads: number;
  inputs: Tensors;
}

/** The first calls fill caches. */
const mostUncounted = 3;
const leastCalls = 2;
const mostCalls = 43;
const budgetMs = 1000;

/** Times every node of a model over some calls, a second of them where two calls take no longer. */
export function profileCalls(request: ProfileRequest, clock: Clock = systemClock): Promise<Profile> {
  return profileSession(request, (session) => callOften(bindCall(session, request.inputs), clock));
}

/** Times every node of a model over one call, or as many as a model of a fixed batch size takes for the inputs. */
export function profileOnce(request: ProfileRequest): Promise<Profile> {
  return profileSession(request, async (session) => {
    await bindInputs(session, request.inputs)(request.inputs);
    return 1;
  });
}

/** `use` tells how many calls it made. */
async function profileSession(
  request: ProfileRequest,
  use: (session: Session) => Promise<number>,
): Promise<Profile> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-profile-'));
  try {
    const calls = await inSession(request, path.join(folder, 'profile'), use);
    const file = path.join(folder, await lastFileOf(folder));
    return readProfile(await readFile(file, 'utf8'), { where: file, uncounted: uncountedOf(calls) });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The last, by the time in its name: a session that was only looked at wrote one before. */
async function lastFileOf(folder: string): Promise<string> {
  const last = (await readdir(folder)).sort().at(-1);
  if (last !== undefined) return last;
  throw new AssayError('nothing-measured', 'ONNX Runtime wrote no profile of the session.');
}

async function inSession(
  { artifact, target, deviceIndex, threads }: ProfileRequest,
  profilePrefix: string,
  use: (session: Session) => Promise<number>,
): Promise<number> {
  const runner = await importRunner(target.runner);
  const settings = loadSettings(target, { threads, ...(deviceIndex === undefined ? {} : { deviceIndex }) });
  const profiling = { enableProfiling: true, profileFilePrefix: profilePrefix };
  const session = await runner.load(artifact, {
    ...settings,
    sessionOptions: { ...settings.sessionOptions, ...profiling },
  });
  try {
    return await use(session);
  } finally {
    await session.close();
  }
}

async function callOften(call: () => unknown, clock: Clock): Promise<number> {
  const end = clock.nowMs() + budgetMs;
  let calls = 0;
  for (; calls < mostCalls && (calls < leastCalls || clock.nowMs() < end); calls++) await call();
  return calls;
}

function uncountedOf(calls: number): number {
  return Math.min(mostUncounted, calls - 1);
}
