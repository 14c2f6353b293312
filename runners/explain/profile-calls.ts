import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock, type Clock } from '../../core/clock.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { Profile } from '../../models/explain/profile.ts';
import type { Target } from '../../suites/target.ts';
import { bindCall } from '../bind-inputs.ts';
import { loadSettings } from '../load-settings.ts';
import { importRunner } from '../registry.ts';
import type { Artifact } from '../runner.ts';
import { readProfile } from './profile-events.ts';

export interface ProfileRequest {
  artifact: Artifact;
  target: Target;
  threads: number;
  inputs: Tensors;
}

/** The first calls fill caches. */
const mostUncounted = 3;
const leastCalls = 2;
const mostCalls = 43;
const budgetMs = 1000;

/** Times every node of a model over some calls, a second of them where two calls take no longer. */
export async function profileCalls(request: ProfileRequest, clock: Clock = systemClock): Promise<Profile> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-profile-'));
  try {
    const calls = await callOften(request, path.join(folder, 'profile'), clock);
    const [name = ''] = await readdir(folder);
    const file = path.join(folder, name);
    return readProfile(await readFile(file, 'utf8'), { where: file, uncounted: uncountedOf(calls) });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function callOften(
  { artifact, target, threads, inputs }: ProfileRequest,
  profilePrefix: string,
  clock: Clock,
): Promise<number> {
  const runner = await importRunner(target.runner);
  const settings = loadSettings(target, { threads });
  const profiling = { enableProfiling: true, profileFilePrefix: profilePrefix };
  const session = await runner.load(artifact, {
    ...settings,
    sessionOptions: { ...settings.sessionOptions, ...profiling },
  });
  try {
    const call = bindCall(session, inputs);
    const end = clock.nowMs() + budgetMs;
    let calls = 0;
    for (; calls < mostCalls && (calls < leastCalls || clock.nowMs() < end); calls++) await call();
    return calls;
  } finally {
    await session.close();
  }
}

function uncountedOf(calls: number): number {
  return Math.min(mostUncounted, calls - 1);
}
