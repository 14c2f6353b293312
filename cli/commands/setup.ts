import { exitCodes } from '../../core/errors.ts';
import { setUpTensorflow } from '../../runners/tfjs/setup/set-up-tensorflow.ts';
import { abortOnInterrupt } from '../abort-on-interrupt.ts';
import type { CommandResult, CommonFlags } from '../command.ts';

export type SetupTfjsNodeFlags = CommonFlags & { gpu: boolean };

/** `assay setup tfjs-node`: makes TensorFlow work under TF.js, and proves it. */
export async function setupTfjsNodeCommand({ gpu }: SetupTfjsNodeFlags): Promise<CommandResult> {
  const outcome = await setUpTensorflow(gpu ? 'tfjs-node-gpu' : 'tfjs-node', {
    environment: process.env,
    report: (step) => process.stderr.write(`${step}\n`),
    signal: abortOnInterrupt(),
  });
  const { isNew, detail, difference, folder } = outcome;
  const target = gpu ? 'tfjs/node-gpu' : 'tfjs/node';
  return {
    exitCode: exitCodes.pass,
    data: { target, ...outcome },
    text:
      `${target} ${isNew ? 'works now' : 'works already'}: ${detail}.\n` +
      `A training step comes to what it comes to on WebAssembly, within ${difference.toPrecision(2)}.\nStored: ${folder}\n`,
  };
}
