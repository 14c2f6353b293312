import { eachTensor, sliceRows, type Tensor } from '../../core/tensor.ts';
import { canGoUnpadded } from '../../core/word-inputs.ts';
import { firstBatch, type SampleStream } from '../../core/samples.ts';
import { formatOfRunner } from '../../suites/target.ts';
import type { OptionsOf } from '../../tasks/task-options.ts';
import { modelOf } from '../plan.ts';
import type { PreparedGroup } from '../prepare-cells.ts';
import { taskOf } from '../task-of.ts';
import type { RunContext } from '../run-context.ts';
import type { GroupTimes } from '../timing/group-times.ts';
import { footprintEfforts, type FootprintEffort } from './effort.ts';
import { measureFootprint, type FootprintTimes } from './measure-footprint.ts';
import type { GenerationRequest } from './request.ts';

/** Most prompts that are continued in one process. */
const mostPrompts = 32;

/** Runs every variant that was timed alone, in fresh processes; by name. */
export async function measureFootprints(
  group: PreparedGroup,
  times: GroupTimes,
  { form, signal, limits }: Pick<RunContext, 'form' | 'signal' | 'limits'>,
): Promise<Map<string, FootprintTimes>> {
  const effort = footprintEfforts[form.name];
  const { suite } = group.planned.loaded;
  const { test } = group.planned.dataset;
  const task = taskOf(
    suite.task,
    modelOf(group.planned, group.group),
    formatOfRunner[group.group.target.runner],
  );
  const shared = {
    target: group.group.target,
    threads: suite.timing.threads,
    inputs: (await firstBatch(test, suite.timing.batchSize)).inputs,
    callsMs: effort.callsMs,
    generation: task.kind === 'generation' ? await generationOf(test, task, effort) : null,
  };
  const conditions = { processes: effort.processes, signal, ...limits(suite) };
  const timed = new Set(times.contenders.filter(({ status }) => status === 'timed').map(({ name }) => name));
  const found = new Map<string, FootprintTimes>();
  for (const { variant, plan } of group.cells) {
    if (plan.status !== 'ready' || !timed.has(variant.name)) continue;
    found.set(variant.name, await measureFootprint({ ...shared, artifact: plan.artifact }, conditions));
  }
  return found;
}

/** The prompts of the first samples; null where the dataset holds no tokens. */
async function generationOf(
  test: SampleStream,
  { output }: OptionsOf<'generation'>,
  { generationMs }: FootprintEffort,
): Promise<GenerationRequest | null> {
  const { inputs, references } = await firstBatch(test, mostPrompts);
  if (references.kind !== 'tokens') return null;
  const { words } = references;
  const width = references.ids.length / references.lengths.length;
  const prompts = Array.from(references.lengths, (length, row) => {
    const promptLength = references.promptLengths[row] ?? 0;
    const ids = Array.from(references.ids.subarray(row * width, row * width + promptLength));
    const own = eachTensor(inputs, (tensor) => oneRow(tensor, row));
    return { ids, inputs: own, newTokens: length - promptLength };
  });
  const isFree = canGoUnpadded(inputs, words);
  return { words, width, canGoUnpadded: isFree, prompts, budgetMs: generationMs, output };
}

/** A copy: a view would be sent to the process with all rows. */
function oneRow(tensor: Tensor, row: number): Tensor {
  const view = sliceRows(tensor, row, row + 1);
  return { ...view, data: view.data.slice() } as Tensor;
}
