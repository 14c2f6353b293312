import { hashOf } from '../core/hash.ts';
import { passes } from '../models/passes/registry.ts';
import { baselineVariant, parseVariant } from '../models/variant.ts';
import type { Suite } from './schema.ts';
import { parseTarget, type Target } from './target.ts';

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

/** The baseline and all its variants on one target: timed together, never split. */
export interface GroupJob {
  kind: 'group';
  id: string;
  suiteId: string;
  modelId: string;
  target: Target;
  cells: readonly CellJob[];
}

/** A suite as a list of groups, each with its cells, baseline first. Ids are hashes of all that a job depends on. */
export function expandSuite(resolved: Resolved): GroupJob[] {
  return resolved.models.flatMap((model) =>
    resolved.suite.targets.map((name) => groupJob(resolved, model, parseTarget(name))),
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
      steps: stepsOf(variant),
      metrics: suite.metrics,
    });
    return { kind: 'cell', id, suiteId: suite.id, modelId: model.id, variant, target };
  });
  const id = hashOf({
    ...identity,
    kind: 'group',
    suite: resolved.suiteHash,
    variants,
    timing: suite.timing,
  });
  return { kind: 'group', id, suiteId: suite.id, modelId: model.id, target, cells };
}

/** A pass that changes what it does gets a new version, and its cells new ids. */
function stepsOf(variant: string): unknown {
  return parseVariant(variant).steps.map((step) => ({ ...step, version: passes[step.pass].version }));
}
