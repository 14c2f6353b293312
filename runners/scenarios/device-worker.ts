/** Entry of a thread that works through batches on a device of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../core/clock.ts';
import { importRunner } from '../registry.ts';
import { answerInThread } from './answer-in-thread.ts';
import type { DeviceReply, DeviceRequest, DeviceTurn } from './devices.ts';
import { loadModel, repeatRows } from './load-model.ts';
import { runTurn } from './run-rounds.ts';

async function start(request: DeviceRequest): Promise<DeviceReply> {
  const model = await loadModel(request, await importRunner(request.target.runner), request.threads);
  const calls = new Map<number, () => unknown>();
  const callOf = (batchSize: number): (() => unknown) => {
    const call = calls.get(batchSize) ?? model.bind(repeatRows(request.samples, batchSize));
    calls.set(batchSize, call);
    return call;
  };
  parentPort?.on('message', ({ batchSize, durationMs }: DeviceTurn) => {
    void answerInThread(async (): Promise<DeviceReply> => ({
      kind: 'ran',
      round: await runTurn(callOf(batchSize), durationMs, systemClock),
    }));
  });
  return { kind: 'ready' };
}

void answerInThread(() => start(workerData as DeviceRequest));
