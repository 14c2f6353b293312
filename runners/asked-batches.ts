import { AssayError } from '../core/errors.ts';
import type { TensorSpec } from '../core/tensor.ts';
import type { Scenario } from '../suites/scenario-schema.ts';
import type { Suite } from '../suites/schema.ts';
import { fixedBatchSize } from './fixed-batches.ts';

/** What of a suite says how many samples a timed call holds. */
export type TimedSuite = Pick<Suite, 'timing' | 'scenarios'>;

/** Samples a call that a suite asks for, and what of it says so. */
interface AskedBatch {
  samples: number;
  setting: string;
  /** What makes it another number, given one. */
  remedy: (samples: number) => string;
}

/** Of all that is timed; quality is evaluated in batches of any size, which are cut and filled up. */
function askedBatches({ timing, scenarios = [] }: TimedSuite): AskedBatch[] {
  const timed: AskedBatch = {
    samples: timing.batchSize,
    setting: `"batchSize" of "timing" is ${timing.batchSize}`,
    remedy: (samples) => `set "batchSize" of "timing" to ${samples}`,
  };
  return [timed, ...scenarios.flatMap(batchesOf)];
}

function batchesOf(scenario: Scenario): AskedBatch[] {
  switch (scenario.kind) {
    case 'single-stream':
    case 'server':
      return [
        {
          samples: 1,
          setting: `the scenario "${scenario.kind}" has calls of 1`,
          remedy: () => `leave out the scenario "${scenario.kind}"`,
        },
      ];
    case 'multi-stream': {
      const { samplesPerQuery } = scenario;
      return [
        {
          samples: samplesPerQuery,
          setting: `"samplesPerQuery" of the scenario "multi-stream" is ${samplesPerQuery}`,
          remedy: (samples) =>
            samples === 1
              ? 'leave out the scenario "multi-stream"'
              : `set "samplesPerQuery" of the scenario "multi-stream" to ${samples}`,
        },
      ];
    }
    case 'offline':
      return scenario.batchSizes.map((samples) => ({
        samples,
        setting: `"batchSizes" of the scenario "offline" are ${scenario.batchSizes.join(', ')}`,
        remedy: (size) => `set "batchSizes" of the scenario "offline" to [${size}]`,
      }));
    // At the batch size of "timing".
    case 'thread-sweep':
      return [];
  }
}

/** Throws `model-invalid` where a model was exported for batches of another size than the suite asks for. */
export function requireBatches(inputs: readonly TensorSpec[], timed: TimedSuite): void {
  const size = fixedBatchSize(inputs);
  if (size === null) return;
  const misfits = askedBatches(timed).filter(({ samples }) => samples !== size);
  if (misfits.length === 0) return;
  const settings = [...new Set(misfits.map(({ setting }) => setting))];
  const remedies = [...new Set(misfits.map(({ remedy }) => remedy(size)))];
  throw new AssayError(
    'model-invalid',
    `it was exported for batches of ${size} and cannot be timed with others: ${settings.join(', ')}`,
    { hint: `In the suite, ${remedies.join(', ')}; or export the model for batches of any size.` },
  );
}
