import { siblingModule } from '../../../core/package-root.ts';
import { askChild } from '../../ask-child.ts';
import type { TensorflowPackage } from './setup-folder.ts';

export interface VerifyRequest {
  name: TensorflowPackage;
  folder: string;
}

/** What came of a training step. */
export interface Verified {
  /** Which versions computed it. */
  detail: string;
  /** The largest, of a weight, to the same step on WebAssembly. */
  difference: number;
}

const timeoutMs = 180_000;
const tolerance = 1e-5;

/** Trains a step in a process of its own; the reason why where it does not work, or where WebAssembly comes to something else. */
export async function verifyPackage(request: VerifyRequest, signal: AbortSignal): Promise<Verified | string> {
  const module = siblingModule(import.meta.url, './verify-process');
  const answer = await askChild<Verified>(module, request, { timeoutMs, signal });
  if (answer.status === 'failed') return answer.reason;
  const { detail, difference } = answer;
  if (!(difference <= tolerance))
    return `${detail} computes, but a training step differs from WebAssembly by ${difference}`;
  return { detail, difference };
}
