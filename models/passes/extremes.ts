import { AssayError } from '../../core/errors.ts';
import type { Tensors } from '../../core/tensor.ts';
import { freshNames } from '../onnx/graph.ts';
import { changed, type OnnxModel } from '../onnx/model.ts';
import { createNode } from '../onnx/node.ts';
import { startCalibration, type CalibrationData } from './calibration.ts';
import type { Range } from './histogram.ts';
import { joinedActivations } from './join-batches.ts';

/** How the range of a new batch joins what is known. */
export interface Merge {
  merge: (known: Range, found: Range) => Range;
  /** Whether it matters what makes up a batch. */
  isByBatch: boolean;
}

/**
 * The smallest and the largest of each float32 value over calibration data. The graph itself reduces them: its values stay in ONNX
 * Runtime, whose kernels take a fraction of a loop's time. Throws `dataset-invalid` on empty data, `model-invalid` where a value is NaN
 * or infinite.
 */
export async function findExtremes(
  model: OnnxModel,
  calibration: CalibrationData,
  { names, merge, isByBatch }: Merge & { names: readonly string[] },
): Promise<Map<string, Range>> {
  const reduced = withReductions(model, names);
  const wanted = [...reduced.reductions.values()].flatMap((of) => Object.values(of));
  const batches = isByBatch
    ? startCalibration(calibration).activations(reduced.model, wanted)
    : joinedActivations(reduced.model, wanted, calibration);
  const ranges = await mergeRanges(reduced, batches, merge);
  assertAll(ranges, names);
  return ranges;
}

async function mergeRanges(
  { reductions }: Reduced,
  batches: AsyncIterable<Tensors>,
  merge: Merge['merge'],
): Promise<Map<string, Range>> {
  const ranges = new Map<string, Range>();
  for await (const batch of batches) {
    for (const [name, reduction] of reductions) {
      const found = rangeIn(batch, name, reduction);
      const known = ranges.get(name);
      if (found !== null) ranges.set(name, known === undefined ? found : merge(known, found));
    }
  }
  return ranges;
}

const operators = { low: 'ReduceMin', high: 'ReduceMax', sum: 'ReduceL1' } as const;

/** Names of what a value is reduced to. */
type Reduction = Readonly<Record<keyof typeof operators, string>>;

/** A model that puts out what its values are reduced to. */
interface Reduced {
  model: OnnxModel;
  reductions: ReadonlyMap<string, Reduction>;
}

function withReductions(model: OnnxModel, names: readonly string[]): Reduced {
  const fresh = freshNames(model.graph);
  const attributes = { keepdims: { int: 0 } };
  const node = [...model.graph.node];
  const reduce = (value: string, opType: string): string => {
    const name = fresh(`${value}_${opType}`);
    node.push(createNode({ opType, name, inputs: [value], outputs: [name], attributes }));
    return name;
  };
  const reductions = new Map(
    names.map((name) => {
      const entries = Object.entries(operators).map(([key, opType]) => [key, reduce(name, opType)]);
      return [name, Object.fromEntries(entries) as Reduction] as const;
    }),
  );
  return { model: changed(model, { graph: changed(model.graph, { node }) }), reductions };
}

/** Null where the value is empty. */
function rangeIn(batch: Tensors, name: string, reduction: Reduction): Range | null {
  const low = numberIn(batch, reduction.low);
  const high = numberIn(batch, reduction.high);
  if (low > high) return null;
  // Reductions to the smallest and largest may pass over a NaN; a sum does not, and may be infinite where its parts are not.
  if (Number.isFinite(low) && Number.isFinite(high) && !Number.isNaN(numberIn(batch, reduction.sum)))
    return { low, high };
  throw new AssayError(
    'model-invalid',
    `The value "${name}" is NaN or infinite on calibration data; a range needs finite values.`,
    { hint: 'Run the model on that data first: it overflows in float32 already.' },
  );
}

function numberIn(batch: Tensors, name: string): number {
  return Number(batch[name]?.data[0]);
}

function assertAll(ranges: ReadonlyMap<string, Range>, names: readonly string[]): void {
  const missing = names.find((name) => !ranges.has(name));
  if (missing === undefined) return;
  throw new AssayError(
    'dataset-invalid',
    `The calibration data have no sample, so that the value "${missing}" is not known.`,
    { hint: 'Give a dataset whose training split is not empty.' },
  );
}
