import { BackendWasm, setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { copyRegisteredKernels, registerBackend } from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { siblingModule } from '../../core/package-root.ts';

/** What emscripten makes of the threaded binary. */
interface WasmModule {
  cwrap(name: string, returns: 'number' | null, parameters: readonly string[]): unknown;
  PThread: { unusedWorkers: readonly Worker[]; runningWorkers: readonly Worker[] };
  tfjs?: unknown;
}

type WasmFactory = (config: {
  locateFile: (name: string) => string;
  mainScriptUrlOrBlob: string;
}) => Promise<WasmModule>;

/**
 * Registers TF.js's threaded WebAssembly with a number of threads, and gives the name of the backend. The package never uses this
 * binary in Node, since browsers and Node start workers from different things: here they start from `wasm-thread.ts`.
 */
export function registerThreadedWasm(threads: number): string {
  const name = `wasm-${threads}-threads`;
  registerBackend(name, () => startThreaded(threads));
  copyRegisteredKernels('wasm', name);
  return name;
}

async function startThreaded(threads: number): Promise<BackendWasm> {
  const require = createRequire(import.meta.url);
  const script = require.resolve('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js');
  const factory = require(script) as WasmFactory;
  const worker = fileURLToPath(siblingModule(import.meta.url, './wasm-thread'));
  const module = await withCores(2 * threads, () =>
    factory({
      locateFile: (name) => (name.endsWith('.worker.js') ? worker : path.join(path.dirname(script), name)),
      mainScriptUrlOrBlob: script,
    }),
  );
  module.tfjs = {
    init: module.cwrap('init', null, []),
    initWithThreadsCount: module.cwrap('init_with_threads_count', null, ['number']),
    getThreadsCount: module.cwrap('get_threads_count', 'number', []),
    registerTensor: module.cwrap('register_tensor', null, ['number', 'number', 'number']),
    disposeData: module.cwrap('dispose_data', null, ['number']),
    dispose: module.cwrap('dispose', null, []),
  };
  setThreadsCount(threads);
  const backend = new BackendWasm(module as ConstructorParameters<typeof BackendWasm>[0]);
  const { unusedWorkers, runningWorkers } = module.PThread;
  // Those that run were given work just now; they must not keep a process that is done.
  for (const thread of [...unusedWorkers, ...runningWorkers]) thread.unref();
  return backend;
}

/** TF.js takes at most half of the cores it is told of, once, while it starts: `threads` is what the user asked for. */
async function withCores<Result>(count: number, start: () => Promise<Result>): Promise<Result> {
  const { cpus } = os;
  const all = cpus();
  os.cpus = () => Array.from({ length: count }, (_, index) => all[index % all.length] as os.CpuInfo);
  try {
    return await start();
  } finally {
    os.cpus = cpus;
  }
}
