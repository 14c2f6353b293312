import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { installNvidiaDriver, seesNvidiaGpu } from '../nvidia-driver.ts';

/** Why the library of an execution provider cannot be used, and what would mend it. */
export interface LibraryFault {
  reason: string;
  remedy: string;
}

/** Devices whose library does not come with the package. */
const separate: Readonly<Record<string, string>> = {
  cuda: 'libonnxruntime_providers_cuda.so',
  tensorrt: 'libonnxruntime_providers_tensorrt.so',
};

/** Where the native part of the package lies, and where it looks for such libraries. */
export function bindingFolder(): string {
  return path.join(packageFolder(), 'bin', 'napi-v6', process.platform, process.arch);
}

function packageFolder(): string {
  return path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
}

/** Brings the libraries that are too large for npm; Assay's own install leaves it out, since it asks another registry. */
export function fetchCommand(): string {
  return `node ${path.join(packageFolder(), 'script', 'install.js')} --onnxruntime-node-install`;
}

/** What keeps the library of a device from being loaded; null where nothing does, or the device needs none. */
export function libraryFault(
  device: string,
  { folder = bindingFolder(), seesGpu = seesNvidiaGpu }: { folder?: string; seesGpu?: () => boolean } = {},
): LibraryFault | null {
  const library = separate[device];
  if (library === undefined) return null;
  const file = path.join(folder, library);
  if (!existsSync(file)) return notFetched(library, seesGpu());
  const missing = missingLibrary(file);
  return missing === null
    ? null
    : { reason: `${missing}, which ${library} needs, is not found`, remedy: remedyFor(missing) };
}

/** Without a driver the libraries, hundreds of megabytes, would be fetched for nothing. */
function notFetched(library: string, seesGpu: boolean): LibraryFault {
  const absent = `${library} does not come with the package and is not beside its binding`;
  const fetch = `${fetchCommand()}, then assay doctor, which names what is missing of CUDA, cuDNN and TensorRT`;
  if (seesGpu) return { reason: absent, remedy: fetch };
  return {
    reason: `nvidia-smi sees no GPU, and ${absent}`,
    remedy: `${installNvidiaDriver}, then ${fetch}`,
  };
}

/**
 * The first library that another needs and the system does not find; ONNX Runtime tells it on stderr alone. What is there is loaded
 * for a moment: it is no module of Node, which says so only then.
 */
function missingLibrary(file: string): string | null {
  try {
    process.dlopen({ exports: {} }, file);
    return null;
  } catch (thrown) {
    return /^(\S+): cannot open shared object file/.exec(messageOf(thrown))?.[1] ?? null;
  }
}

/** By whom a library is: the driver, TensorRT, cuDNN, or else the CUDA Toolkit. */
function remedyFor(library: string): string {
  const search = 'put its folder in LD_LIBRARY_PATH, then assay doctor';
  if (library.startsWith('libcuda.')) return `${installNvidiaDriver}, then assay doctor`;
  if (/^libnv(?:infer|onnxparser)/.test(library))
    return `install TensorRT that has ${library}, and ${search}`;
  if (library.startsWith('libcudnn')) return `install cuDNN that has ${library}, and ${search}`;
  return `install the CUDA Toolkit that has ${library}, and ${search}`;
}
