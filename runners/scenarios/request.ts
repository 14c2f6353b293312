import type { Tensors } from '../../core/tensor.ts';
import type { ScenarioResult } from '../../results/scenario-schema.ts';
import type { Scenario } from '../../suites/scenario-schema.ts';
import type { Target } from '../../suites/target.ts';
import type { ScenarioBudget } from '../form.ts';
import type { Artifact } from '../runner.ts';

/** What the process of one scenario is asked. */
export interface ScenarioRequest {
  scenario: Scenario;
  target: Target;
  artifact: Artifact;
  /** Intra-op threads of a session. */
  threads: number;
  /** Samples a call of a thread sweep. */
  batchSize: number;
  /** The samples that queries are drawn from. */
  samples: Tensors;
  seed: number;
  /** Confidence level of the intervals, e.g. 0.95. */
  level: number;
  budget: ScenarioBudget;
}

/** What one process measured. */
export interface ScenarioMeasurement {
  result: ScenarioResult;
  /** Sessions whose warm-up ended without a steady state, e.g. `batch size 8`. */
  unsteady: readonly string[];
}
