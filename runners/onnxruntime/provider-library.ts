import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { messageOf } from '../../core/errors.ts';

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
  const root = path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  return path.join(root, 'bin', 'napi-v6', process.platform, process.arch);
}

/** What keeps the library of a device from being loaded; null where nothing does, or the device needs none. */
export function libraryFault(device: string, folder = bindingFolder()): LibraryFault | null {
  const library = separate[device];
  if (library === undefined) return null;
  const file = path.join(folder, library);
  if (!existsSync(file))
    return {
      reason: `${library} does not come with the package and is not beside its binding`,
      remedy: 'assay setup onnxruntime-cuda',
    };
  const missing = missingLibrary(file);
  return missing === null
    ? null
    : { reason: `${missing}, which ${library} needs, is not found`, remedy: remedyFor(missing) };
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

function remedyFor(library: string): string {
  if (library.startsWith('libcuda.'))
    return 'install NVIDIA’s driver for CUDA 13 (580 or newer), then assay doctor';
  if (/^libnv(?:infer|onnxparser)/.test(library))
    return 'install TensorRT 10 for CUDA 13 and put its folder in LD_LIBRARY_PATH, then assay doctor';
  return 'assay setup onnxruntime-cuda';
}
