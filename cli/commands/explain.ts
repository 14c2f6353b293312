import { exitCodes } from '../../core/errors.ts';
import { explainModel, type Advice } from '../../models/explain/explain-model.ts';
import { loadModel, onnxOf } from '../../models/manifest.ts';
import { decodeModelFile, readModelBytes } from '../../models/onnx/read.ts';
import type { DeviceKind } from '../../models/passes/pass.ts';
import { readEnvironment } from '../../runners/environment.ts';
import type { CommandResult, CommonFlags } from '../command.ts';
import { formatTable } from '../reporters/table.ts';

export type ExplainFlags = CommonFlags & { device: DeviceKind; batchSize: number };

/** `assay explain <model>`: which optimisations are likely to help, before any is made. */
export async function explainCommand(
  { device, batchSize }: ExplainFlags,
  [idOrPath = '']: readonly string[],
): Promise<CommandResult> {
  const model = await loadModel(idOrPath);
  const onnx = onnxOf(model);
  const situation = { device, batchSize, cpuFlags: readEnvironment().cpu.flags };
  const advice = explainModel(await decodeModelFile(await readModelBytes(onnx.path), onnx.path), situation);
  return {
    exitCode: exitCodes.pass,
    data: { model: model.id, ...situation, advice },
    text: `${formatTable(['variant', 'weights reached', 'latency', 'why'], advice.map(row))}\nMeasure it: assay optimize ${idOrPath} <variant>, then assay run\n`,
  };
}

function row({ variant, touches, speed, because }: Advice): string[] {
  return [variant, `${Math.round(touches * 100)} %`, speed, because];
}
