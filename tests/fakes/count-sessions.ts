import { onTestFinished } from 'vitest';
import { onnxruntimeRunner } from '../../runners/onnxruntime/runner.ts';

/** How many sessions of ONNX Runtime are loaded now, and were at most. */
export interface SessionCount {
  alive: number;
  most: number;
}

/** Counts sessions until the test is over; those for a graphics card are loaded on the processor in its place. */
export function countSessions(): SessionCount {
  const count = { alive: 0, most: 0 };
  const load = onnxruntimeRunner.load.bind(onnxruntimeRunner);
  onTestFinished(() => {
    onnxruntimeRunner.load = load;
  });
  onnxruntimeRunner.load = async (artifact, settings) => {
    const session = await load(artifact, { ...settings, device: 'cpu' });
    count.alive++;
    count.most = Math.max(count.most, count.alive);
    const close = async (): Promise<void> => {
      await session.close();
      count.alive--;
    };
    return { ...session, close };
  };
  return count;
}
