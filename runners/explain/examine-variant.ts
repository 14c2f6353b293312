import { AssayError } from '../../core/errors.ts';
import { advise } from '../../models/explain/advise.ts';
import type { Examined } from '../../models/explain/examined.ts';
import { expectRatio, type Expected } from '../../models/explain/expect.ts';
import { keptNodes } from '../../models/explain/kept-nodes.ts';
import { shrinkOf } from '../../models/explain/shrink.ts';
import { subgraphsOf } from '../../models/onnx/graph.ts';
import type { OnnxGraph, OnnxModel } from '../../models/onnx/model.ts';
import { executedGraph } from '../../models/onnx/optimize.ts';
import { decodeModelFile, readModelBytes } from '../../models/onnx/read.ts';
import { kindOf, stepsOn } from '../../models/variant.ts';
import type { ExamineResult, ExamineTask, OperatorCounts } from './tasks.ts';

/** Reads the file of a variant, lets ONNX Runtime fuse it, and says what that means where it is to run. */
export async function examineVariant(task: ExamineTask): Promise<ExamineResult> {
  const { files, profiles } = task;
  const stored = await readModel(files.variant);
  const examined = await examinedAs(stored, task, profiles);
  const { executed } = examined;
  return {
    advice: advise(examined),
    expected: await expectedOf(task, examined),
    operators: {
      stored: countOperators(stored.graph),
      executed: executed === null ? null : countOperators(executed),
    },
  };
}

/** A model, as its file has it or would have it, with what is known of it. */
export async function examinedAs(
  stored: OnnxModel,
  { steps, shapes, target, cpuFlags }: Pick<ExamineTask, 'steps' | 'shapes' | 'target' | 'cpuFlags'>,
  { baseline, variant: profile }: ExamineTask['profiles'],
): Promise<Examined> {
  const situation = { device: target.device, cpuFlags };
  return { stored, executed: await fused(stored), steps, situation, shapes, baseline, profile };
}

export async function readModel(file: string): Promise<OnnxModel> {
  return decodeModelFile(await readModelBytes(file), file);
}

/** Null where ONNX Runtime cannot write what it made, as of a model beyond protobuf's limit. */
async function fused(model: OnnxModel): Promise<OnnxGraph | null> {
  try {
    return await executedGraph(model);
  } catch (thrown) {
    if (thrown instanceof AssayError) return null;
    throw thrown;
  }
}

async function expectedOf(
  { files, steps }: ExamineTask,
  { stored, executed, situation, baseline }: Examined,
): Promise<Expected | null> {
  const onnxSteps = stepsOn({ steps }, 'onnx') ?? [];
  if (onnxSteps.length === 0 || baseline === null || stored === null) return null;
  const isNarrower = steps.some(({ pass }) => kindOf(pass) === 'removes units');
  const shrink = isNarrower ? shrinkOf(await readModel(files.baseline), stored) : 1;
  const isKept = executed === null ? () => false : keptNodes(steps, executed);
  return expectRatio({ steps: onnxSteps, baseline, situation, isKept, shrink });
}

function countOperators(graph: OnnxGraph): OperatorCounts {
  const counts: Record<string, number> = {};
  const count = ({ node }: OnnxGraph): void => {
    for (const one of node) {
      counts[one.opType] = (counts[one.opType] ?? 0) + 1;
      subgraphsOf(one).forEach(count);
    }
  };
  count(graph);
  return counts;
}
