/** Entry of a thread of TF.js's WebAssembly: runs the worker script that the package carries as text, as Node wants it. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { wasmWorkerContents } =
  require('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js') as {
    wasmWorkerContents: string;
  };
// In the text, the ends of lines inside strings have become real ones.
const script = wasmWorkerContents.replaceAll('\n', String.raw`\n`);
// eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is the package's own code, which looks for `require` and `__filename`
const run = new Function('require', '__filename', script) as (require: NodeJS.Require, file: string) => void;
run(require, import.meta.filename);
