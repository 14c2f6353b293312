import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { AssayError } from '../../../core/errors.ts';
import { makeFolder } from '../../../core/make-folder.ts';
import { moveIntoPlace } from '../../../core/move-into-place.ts';
import { installNvidiaDriver, seesNvidiaGpu } from '../../nvidia-driver.ts';
import { installPackage } from './install-package.ts';
import { fetchPublished } from './published-binary.ts';
import type { SetupContext } from './run-step.ts';
import { setupFolder, type TensorflowPackage } from './setup-folder.ts';
import { verifyPackage, type Verified } from './verify.ts';
import { buildAgainstWheel } from './wheel-binary.ts';

export interface SetupOutcome extends Verified {
  folder: string;
  /** False where it worked before. */
  isNew: boolean;
}

/** Ways to come to a binary, the first that works. */
const sources = [fetchPublished, buildAgainstWheel] as const;

/**
 * Makes a package of TF.js on TensorFlow work, in a folder of Assay: what works already is kept, and what replaces it appears whole or
 * not at all. Throws `target-unavailable` with what is missing, and `interrupted`.
 */
export async function setUpTensorflow(
  name: TensorflowPackage,
  { folder = setupFolder(name), ...context }: Omit<SetupContext, 'folder'> & { folder?: string },
): Promise<SetupOutcome> {
  if (existsSync(folder)) {
    context.report('checking what is there');
    const verified = await verifyPackage({ name, folder }, context.signal);
    if (typeof verified !== 'string') return { ...verified, folder, isNew: false };
  }
  if (name === 'tfjs-node-gpu') requireGpu();
  await makeFolder(path.dirname(folder));
  const partial = await mkdtemp(`${folder}.partial-`);
  try {
    await installPackage(name, { ...context, folder: partial });
    const verified = await findBinary(name, { ...context, folder: partial });
    await replace(folder, partial);
    return { ...verified, folder, isNew: true };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** The libraries of CUDA are gigabytes: nobody is to load them for nothing. */
function requireGpu(): void {
  if (seesNvidiaGpu()) return;
  throw new AssayError(
    'target-unavailable',
    'nvidia-smi, which comes with the driver of NVIDIA, sees no GPU.',
    {
      hint: `${installNvidiaDriver}, or assay setup tfjs-node for the processor`,
    },
  );
}

async function findBinary(name: TensorflowPackage, context: SetupContext): Promise<Verified> {
  const reasons: string[] = [];
  for (const source of sources) {
    const reason = await source(name, context);
    if (reason === null) context.report('training a step on it and on WebAssembly');
    const verified = reason ?? (await verifyPackage({ name, folder: context.folder }, context.signal));
    if (typeof verified !== 'string') return verified;
    if (context.signal.aborted) throw new AssayError('interrupted', 'Interrupted; nothing was set up.');
    reasons.push(verified);
  }
  throw new AssayError('target-unavailable', `@tensorflow/${name} was not set up: ${reasons.join('; ')}.`, {
    hint: 'mend one of them, then the same command again',
  });
}

/** A folder cannot be renamed onto another that is not empty. */
async function replace(folder: string, by: string): Promise<void> {
  const old = `${by}.old`;
  if (existsSync(folder)) await moveIntoPlace(folder, old);
  await moveIntoPlace(by, folder);
  await rm(old, { recursive: true, force: true });
}
