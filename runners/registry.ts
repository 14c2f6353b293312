import type { RunnerKind } from '../suites/target.ts';
import type { Runner } from './runner.ts';

const importers = {
  onnxruntime: async () => (await import('./onnxruntime/runner.ts')).onnxruntimeRunner,
  tfjs: async () => (await import('./tfjs/runner.ts')).tfjsRunner,
} satisfies Record<RunnerKind, () => Promise<Runner>>;

/** The adapter of a runtime; its native or wasm code is loaded only now. */
export function importRunner(kind: RunnerKind): Promise<Runner> {
  return importers[kind]();
}
