import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { reasonIn, runStep, type SetupContext } from './run-step.ts';
import { packageFolder, type TensorflowPackage } from './setup-folder.ts';

/** The release of TensorFlow whose libraries the addon is built against. */
export const release = '2.21.0';

/** What pip is asked for. The wheel for the processor alone is the smaller one; for arm64 there is but one. */
const requirements: Readonly<Record<string, readonly string[]>> = {
  'tfjs-node x64': ['--no-deps', `tensorflow-cpu==${release}`],
  'tfjs-node arm64': ['--no-deps', `tensorflow==${release}`],
  'tfjs-node-gpu x64': [`tensorflow[and-cuda]==${release}`],
};

const machines: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** Any Python will do: the libraries in the wheels for each are the same. */
const wheelFlags = [
  '--python-version',
  '3.12',
  '--implementation',
  'cp',
  '--abi',
  'cp312',
  '--abi',
  'abi3',
  '--abi',
  'none',
];

/** Taken out of the wheels: TensorFlow's libraries, the headers that the addon includes, and CUDA's libraries. */
const members = [
  'tensorflow/libtensorflow_',
  ...['tensorflow/c/', 'tensorflow/core/platform/', 'tsl/platform/', 'xla/tsl/c/'].map(
    (headers) => `tensorflow/include/${headers}`,
  ),
  'nvidia/',
];

const unpackWheels = `
import pathlib, sys, zipfile
wheels, folder, *members = sys.argv[1:]
for wheel in pathlib.Path(wheels).glob("*.whl"):
    with zipfile.ZipFile(wheel) as files:
        files.extractall(folder, [name for name in files.namelist() if name.startswith(tuple(members))])
`;

/** Builds the addon against the libraries of a wheel of TensorFlow. Gives the reason where that cannot be done here. */
export async function buildAgainstWheel(
  name: TensorflowPackage,
  context: SetupContext,
): Promise<string | null> {
  const requirement = requirements[`${name} ${process.arch}`];
  if (process.platform !== 'linux' || requirement === undefined || !hasGlibc())
    return `there is no wheel of TensorFlow for ${name} on ${platformInWords()}`;
  const root = packageFolder(name, context.folder);
  const deps = path.join(root, 'deps');
  const inPackage = { ...context, folder: root };
  return (
    (await whyMissing([compilerOf(context), '--version'], 'a C++ compiler (apt install g++)', context)) ??
    (await whyMissing(
      ['python3', '-m', 'pip', '--version'],
      'Python with pip (apt install python3-pip)',
      context,
    )) ??
    (await fetchLibraries(requirement, deps, context)) ??
    (await compile(deps, inPackage))
  );
}

/** Wheels are not made for musl, the C library of Alpine. */
function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

function platformInWords(): string {
  return `${process.platform} ${process.arch}${process.platform === 'linux' && !hasGlibc() ? ' without glibc' : ''}`;
}

async function whyMissing(
  command: readonly [string, ...string[]],
  what: string,
  context: SetupContext,
): Promise<string | null> {
  const end = await runStep(command, context);
  return end.status === 'done' ? null : `building the addon takes ${what}`;
}

async function fetchLibraries(
  requirement: readonly string[],
  deps: string,
  context: SetupContext,
): Promise<string | null> {
  const wheels = path.join(context.folder, 'wheels');
  await rm(deps, { recursive: true, force: true });
  await mkdir(deps);
  context.report(`downloading ${requirement.at(-1) ?? ''} with pip`);
  const machine = machines[process.arch] ?? '';
  const platforms = ['1', '2010', '2014', '_2_17', '_2_27', '_2_28'].flatMap((glibc) => [
    '--platform',
    `manylinux${glibc}_${machine}`,
  ]);
  const download = [
    '--disable-pip-version-check',
    '--only-binary=:all:',
    ...platforms,
    ...wheelFlags,
    '--dest',
    wheels,
  ];
  const fetched = await runStep(['python3', '-m', 'pip', 'download', ...download, ...requirement], context);
  if (fetched.status === 'failed')
    return `pip did not download TensorFlow: ${reasonIn(fetched.said, 'the index of pip')}`;
  context.report('unpacking the libraries of TensorFlow');
  const unpacked = await runStep(['python3', '-c', unpackWheels, wheels, deps, ...members], context);
  await rm(wheels, { recursive: true, force: true });
  if (unpacked.status === 'failed')
    return `the wheel was not unpacked: ${reasonIn(unpacked.said, 'the wheel')}`;
  return null;
}

/** The addon is two files on Node's stable binary interface: a compiler is all it takes. */
async function compile(deps: string, context: SetupContext): Promise<string | null> {
  const { folder } = context;
  const libraries = path.join(deps, 'tensorflow');
  const headers = [path.join(folder, '../../node-api-headers/include'), path.join(libraries, 'include')];
  const output = path.join(folder, 'lib', 'napi-v8');
  await mkdir(output, { recursive: true });
  context.report('compiling the addon');
  const flags = [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-w', '-DNAPI_VERSION=8'],
    ...headers.map((include) => `-I${include}`),
    ...['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc', `-L${libraries}`],
    ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    ...['-Wl,-rpath,$ORIGIN/../../deps/tensorflow', '-o', path.join(output, 'tfjs_binding.node')],
  ];
  const end = await runStep([compilerOf(context), ...flags], context);
  await rm(path.join(libraries, 'include'), { recursive: true, force: true });
  return end.status === 'failed' ? `the addon was not compiled: ${reasonIn(end.said, 'the compiler')}` : null;
}

function compilerOf({ environment }: SetupContext): string {
  return environment.CXX ?? 'c++';
}
