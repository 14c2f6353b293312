import type { BuildOutcome } from '../models/build.ts';
import type { Limits } from './limits.ts';
import type { Host, TaskOutcome } from './pool/supervise.ts';
import type { BuildTask } from './pool/task.ts';

/** A variant that is wanted as a file. */
export type HostedRequest = Omit<BuildTask, 'kind'>;

/** What came of it: made or not applicable, refused with an error that the user can mend, or how the process failed. */
export type HostedBuild = BuildOutcome | Exclude<TaskOutcome<never>, { status: 'done' }>;

/**
 * Makes a variant, or finds it among those that are kept, in a worker of the host: passes run ONNX Runtime on the models of
 * others, and a crash or an endless loop in there is an outcome of this variant. Limits are the host's unless given. Throws nothing.
 */
export async function buildInHost(request: HostedRequest, host: Host, limits?: Limits): Promise<HostedBuild> {
  const outcome = await host.run({ kind: 'build', ...request }, limits);
  return outcome.status === 'done' ? outcome.result : outcome;
}
