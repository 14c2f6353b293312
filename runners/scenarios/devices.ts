import { siblingModule } from '../../core/package-root.ts';
import { replyOf, startMembers, type Member, type MemberFailure } from './member.ts';
import type { ScenarioRequest } from './request.ts';
import type { Round } from './run-rounds.ts';

/** A part of a round that a device is given. */
export interface DeviceTurn {
  batchSize: number;
  durationMs: number;
}

/** What a device tells: once when its model is loaded, then once a turn. */
export type DeviceReply = { kind: 'ready' } | { kind: 'ran'; round: Round } | MemberFailure;

/** What a device is started with. */
export interface DeviceRequest extends ScenarioRequest {
  deviceIndex: number;
}

/** The devices of a target beside its first, each with the model loaded, in a thread of its own. */
export interface Devices {
  /** Calls batches of this size on all of them at once. */
  run(turn: DeviceTurn): Promise<readonly Round[]>;
  close(): Promise<void>;
}

/** Loads the model on each device of the target but the first; resolves when all have. */
export async function startDevices(
  request: ScenarioRequest,
  module: URL = siblingModule(import.meta.url, './device-worker'),
): Promise<Devices> {
  const [, ...others] = request.target.settings.deviceIndexes;
  const requests = others.map((deviceIndex): DeviceRequest => ({ ...request, deviceIndex }));
  const { members, close } = await startMembers(module, requests);
  return {
    run: async (turn) => {
      const turns = await Promise.allSettled(members.map((member) => runOn(member, turn)));
      return turns.map(roundOf);
    },
    close,
  };
}

async function runOn(member: Member, turn: DeviceTurn): Promise<Round> {
  const ran = replyOf<Extract<DeviceReply, { kind: 'ran' }>>(member, 'ran');
  member.worker.postMessage(turn);
  return (await ran).round;
}

/** Looked at once all have answered: what came later would be taken for the answer to the next turn. */
function roundOf(turn: PromiseSettledResult<Round>): Round {
  if (turn.status === 'rejected') throw turn.reason;
  return turn.value;
}
