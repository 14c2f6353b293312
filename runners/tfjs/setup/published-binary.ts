import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../../../core/errors.ts';
import { reasonIn, runStep, type SetupContext } from './run-step.ts';
import { packageFolder, type TensorflowPackage } from './setup-folder.ts';

/** For a first answer of the host that has the binaries. */
const patienceMs = 10_000;

/** Fetches the binary that was published with the package, as its own install script does. Gives the reason where it cannot be had. */
export async function fetchPublished(name: TensorflowPackage, context: SetupContext): Promise<string | null> {
  const root = packageFolder(name, context.folder);
  context.report('looking for the published binary');
  const unreachable = await whyUnreachable(await hostOf(root));
  if (unreachable !== null) return `the published binary cannot be reached (${unreachable})`;
  context.report('downloading the published binary and its libtensorflow');
  const bin = path.join(context.folder, 'node_modules', '.bin');
  const environment = {
    ...context.environment,
    PATH: `${bin}${path.delimiter}${context.environment.PATH ?? ''}`,
  };
  const mode = name === 'tfjs-node-gpu' ? ['gpu', 'download'] : [];
  const script = [process.execPath, 'scripts/install.js', ...mode] as const;
  const end = await runStep(script, { ...context, folder: root, environment });
  if (end.status === 'done') return null;
  return `the published binary was not installed (${end.status === 'failed' ? reasonIn(end.said, 'its host') : 'no Node'})`;
}

async function hostOf(root: string): Promise<string> {
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    binary: { host: string };
  };
  return manifest.binary.host;
}

/** Any answer will do. */
async function whyUnreachable(host: string): Promise<string | null> {
  try {
    await fetch(host, { method: 'HEAD', signal: AbortSignal.timeout(patienceMs) });
    return null;
  } catch (thrown) {
    const { cause } = thrown as Error;
    return messageOf(cause ?? thrown);
  }
}
