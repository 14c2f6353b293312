/** A device of a scenario that, where it is the first beside the processor's own, fails at once, and else answers a batch late. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { DeviceReply, DeviceRequest, DeviceTurn } from '../../runners/scenarios/devices.ts';

const { deviceIndex } = workerData as DeviceRequest;

const say = (reply: DeviceReply): void => {
  parentPort?.postMessage(reply);
};

parentPort?.on('message', ({ batchSize }: DeviceTurn) => {
  if (deviceIndex === 1 && batchSize > 1) say({ kind: 'failed', reason: 'out of memory' });
  else void answerLate(batchSize);
});
say({ kind: 'ready' });

/** The round tells which turn it is of. */
async function answerLate(batchSize: number): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) await nextTurn();
  say({ kind: 'ran', round: { calls: batchSize, durationMs: 1, p50Ms: 1 } });
}
