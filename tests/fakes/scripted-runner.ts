import type { Clock } from '../../core/clock.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { ProcessMemory } from '../../runners/footprint/process-memory.ts';
import type { Runner } from '../../runners/runner.ts';

/** How a model of the scripted runner behaves, by the path of its artifact. */
export interface Script {
  callMs: number;
  loadMs?: number;
  /** Throws at this call, counted over the whole process from 1. */
  failsAtCall?: number;
  /** What it puts out at each call; its input where left out. */
  outputs?: (call: number) => Tensors;
  /** Memory it keeps from each call. */
  keepsBytes?: number;
}

export interface ScriptedRunner {
  runner: Runner;
  clock: Clock;
  /** Of a process of 50 MB, to which each load adds 10 MB. */
  memory: ProcessMemory;
  /** What happened, in order: `load a`, `call a`, `close a`. */
  events: string[];
}

/** A runner whose models take exactly the scripted time on a clock of their own. */
export function createScriptedRunner(scripts: Readonly<Record<string, Script>>): ScriptedRunner {
  let nowMs = 0;
  const events: string[] = [];
  const calls = new Map<string, number>();
  let residentBytes = 50e6;
  const runner: Runner = {
    kind: 'onnxruntime',
    format: 'onnx',
    probe: () => Promise.resolve({ status: 'works', detail: 'scripted', isSoftware: false }),
    load: ({ path }) => {
      const script = scripts[path];
      if (script === undefined) throw new Error(`no script for ${path}`);
      nowMs += script.loadMs ?? 0;
      residentBytes += 10e6;
      events.push(`load ${path}`);
      return Promise.resolve({
        inputs: [{ name: 'x', type: 'float32', shape: [null, 1] }],
        outputs: [{ name: 'y', type: 'float32', shape: [null, 1] }],
        run: (inputs) => {
          const call = (calls.get(path) ?? 0) + 1;
          calls.set(path, call);
          events.push(`call ${path}`);
          if (call === script.failsAtCall) throw new Error(`failed at call ${call}`);
          nowMs += script.callMs;
          residentBytes += script.keepsBytes ?? 0;
          return Promise.resolve(script.outputs?.(call) ?? inputs);
        },
        close: () => {
          events.push(`close ${path}`);
          return Promise.resolve();
        },
      });
    },
  };
  const resident = (): number => residentBytes;
  const memory = { residentBytes: resident, peakBytes: resident, collectGarbage: () => undefined };
  return {
    runner,
    events,
    memory,
    clock: { nowMs: () => nowMs, timestamp: () => '2026-01-01T00:00:00.000Z' },
  };
}
