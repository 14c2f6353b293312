import { hashOf } from '../core/hash.ts';
import { baselineVariant, parseVariant, versionedSteps } from '../models/variant.ts';
import type { Scenario } from './scenario-schema.ts';
import type { Suite } from './schema.ts';
import { formatOfRunner, parseTarget, type Target } from './target.ts';

/** What a suite's references turned out to be: ids with content hashes. */
export interface Resolved {
  suite: Suite;
  suiteHash: string;
  dataset: { id: string; hash: string };
  /** `hash` covers every form of the model. */
  models: readonly { id: string; hash: string }[];
}

/** One variant of one model on one target. */
export interface CellJob {
  kind: 'cell';
  id: string;
  suiteId: string;
  modelId: string;
  variant: string;
  target: Target;
}

/** One variant of one model on one target under one kind of load. */
export interface ScenarioJob {
  kind: 'scenario';
  id: string;
  suiteId: string;
  modelId: string;
  variant: string;
  target: Target;
  scenario: Scenario;
}

/** The baseline and all its variants on one target: timed together, never split. */
export interface GroupJob {
  kind: 'group';
  id: string;
  suiteId: string;
  modelId: string;
  target: Target;
  cells: readonly CellJob[];
  /** Scenario by scenario, each with the variants in the order of the cells. */
  scenarios: readonly ScenarioJob[];
}

/** A suite as a list of groups, each with its cells, baseline first. Ids are hashes of all that a job depends on. */
export function expandSuite(resolved: Resolved): GroupJob[] {
  return resolved.models.flatMap((model) =>
    resolved.suite.targets.map((given) => groupJob(resolved, model, parseTarget(given))),
  );
}

function groupJob(resolved: Resolved, model: Resolved['models'][number], target: Target): GroupJob {
  const { suite } = resolved;
  const variants = [baselineVariant, ...suite.variants.filter((variant) => variant !== baselineVariant)];
  const identity = {
    model: model.hash,
    dataset: resolved.dataset.hash,
    target,
    task: suite.task,
    alpha: suite.policy.alpha,
    seed: suite.timing.seed,
  };
  const cells = variants.map((variant): CellJob => {
    const id = hashOf({
      ...identity,
      kind: 'cell',
      suite: suite.id,
      steps: stepsOf(variant, target),
      metrics: suite.metrics,
    });
    return { kind: 'cell', id, suiteId: suite.id, modelId: model.id, variant, target };
  });
  const scenarios = (suite.scenarios ?? []).flatMap((scenario) =>
    variants.map((variant): ScenarioJob => {
      const id = hashOf({
        ...identity,
        kind: 'scenario',
        suite: suite.id,
        steps: stepsOf(variant, target),
        timing: suite.timing,
        scenario,
      });
      return { kind: 'scenario', id, suiteId: suite.id, modelId: model.id, variant, target, scenario };
    }),
  );
  const id = hashOf({
    ...identity,
    kind: 'group',
    suite: suite.id,
    steps: variants.map((variant) => stepsOf(variant, target)),
    metrics: suite.metrics,
    slices: suite.slices,
    policy: suite.policy,
    timing: suite.timing,
  });
  return { kind: 'group', id, suiteId: suite.id, modelId: model.id, target, cells, scenarios };
}

/** A pass that changes what it does gets a new version, and its cells new ids. */
function stepsOf(variant: string, target: Target): unknown {
  return versionedSteps(parseVariant(variant), formatOfRunner[target.runner]);
}
