import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { release } from '../../../runners/tfjs/setup/wheel-binary.ts';

const [name, machine] = process.arch === 'arm64' ? ['tensorflow', 'aarch64'] : ['tensorflow_cpu', 'x86_64'];

/** Of Node's binary interface what the addon needs, since its headers are no package of ours. */
const addon = {
  'tfjs_backend.cc': '#include "tensorflow/c/c_api.h"\nextern "C" int asked() { return answer(); }\n',
  'tfjs_binding.cc': `
    extern "C" int asked();
    extern "C" int napi_create_int32(void *env, int value, void **result);
    extern "C" void *napi_register_module_v1(void *env, void *exports) {
      void *result;
      napi_create_int32(env, asked(), &result);
      return result;
    }`,
};

/** A wheel as TensorFlow's is laid out, whose library answers 42, for pip to find, and the sources of an addon that asks it. */
export async function writeSmallWheel(index: string, sources: string): Promise<string> {
  const content = path.join(index, 'content');
  const info = `${name}-${release}.dist-info`;
  const files = {
    'tensorflow/include/tensorflow/c/c_api.h': 'extern "C" int answer();\n',
    'tensorflow/left_out.py': '',
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${release}\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nRoot-Is-Purelib: false\n',
    [`${info}/RECORD`]: '',
  };
  await writeAll(content, files);
  await writeAll(sources, addon);
  compileLibrary(
    path.join(content, 'tensorflow', 'libtensorflow_cc.so.2'),
    'extern "C" int answer() { return 42; }',
  );
  compileLibrary(path.join(content, 'tensorflow', 'libtensorflow_framework.so.2'), '');
  const wheel = path.join(index, `${name}-${release}-cp312-cp312-manylinux_2_27_${machine}.whl`);
  execFileSync('python3', ['-m', 'zipfile', '-c', wheel, 'tensorflow', info], { cwd: content });
  return index;
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  }
}

function compileLibrary(file: string, source: string): void {
  execFileSync('c++', ['-shared', '-fPIC', '-x', 'c++', '-o', file, '-'], { input: source });
}
