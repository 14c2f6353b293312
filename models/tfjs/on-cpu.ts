import '@tensorflow/tfjs-backend-cpu';
import { enableProdMode, getBackend, setBackend } from '@tensorflow/tfjs-core';

/** Has TF.js work on its plain CPU backend meanwhile, which loads anywhere. */
export async function onCpu<Result>(work: () => Promise<Result>): Promise<Result> {
  // Silences the advice to install another runtime.
  enableProdMode();
  const before = getBackend() as string | undefined;
  await setBackend('cpu');
  try {
    return await work();
  } finally {
    if (before !== undefined) await setBackend(before);
  }
}
