import { AssayError } from '../../core/errors.ts';
import { findLeavingPass } from '../../models/explain/layers.ts';
import { parseVariant } from '../../models/variant.ts';
import type { LayerCosts } from '../../results/layer-costs-schema.ts';
import type { Host } from '../pool/supervise.ts';
import { modelOf } from '../plan.ts';
import { baselineOf, type PreparedCell, type PreparedGroup } from '../prepare-cells.ts';
import type { RunContext } from '../run-context.ts';
import { taskOf } from '../task-of.ts';
import { withBriefFolder } from './brief-folder.ts';
import { layerCosts } from './explain-layers.ts';
import { scorerOnData } from './score-variant.ts';

/** By cell id, of the cells whose layers were scored. */
export type LayersByCell = ReadonlyMap<string, LayerCosts>;

export interface RankOptions {
  host: Host;
  cacheDir: string;
  context: Pick<RunContext, 'signal' | 'report'>;
}

/** Of each variant. */
const limits = { mostLayers: 64, mostSamples: 1024, budgetMs: 120_000, both: true };

/** Scores the layers of every variant that quantizes or converts, group by group: what was evaluated is known to run. */
export async function rankGroups(
  groups: readonly PreparedGroup[],
  failures: ReadonlyMap<string, unknown>,
  options: RankOptions,
): Promise<LayersByCell> {
  const found = new Map<string, LayerCosts>();
  for (const group of groups) {
    const cells = group.cells.filter((cell) => !failures.has(cell.job.id) && hasLayers(cell));
    if (failures.has(baselineOf(group).job.id) || cells.length === 0) continue;
    for (const [id, costs] of await rankGroup(group, cells, options)) found.set(id, costs);
  }
  return found;
}

function hasLayers({ plan, variant }: PreparedCell): boolean {
  const isOnnx = plan.status === 'ready' && plan.artifact.format === 'onnx';
  return isOnnx && findLeavingPass(parseVariant(variant.name)) !== null;
}

async function rankGroup(
  { planned, group, cells }: PreparedGroup,
  chosen: readonly PreparedCell[],
  { host, cacheDir, context }: RankOptions,
): Promise<[id: string, costs: LayerCosts][]> {
  const { plan, variant } = baselineOf({ planned, group, cells });
  if (plan.status !== 'ready' || variant.sha256 === null) return [];
  const { suite } = planned.loaded;
  const file = plan.artifact.path;
  const task = taskOf(suite.task, modelOf(planned, group), 'onnx');
  const data = { dataset: suite.dataset, task, metric: suite.metrics[0] ?? '', scoresBy: 'suite' } as const;
  const model = { path: file, sha256: variant.sha256 };
  return withBriefFolder(cacheDir, async (folder) => {
    const { mostSamples } = limits;
    const bench = { model, format: 'onnx', data, target: group.target, folder, host, mostSamples } as const;
    const scorer = await scorerOnData(bench).catch(nullOfRefused);
    const ranked: [string, LayerCosts][] = [];
    if (scorer === null) return ranked;
    for (const {
      job,
      variant: { name },
    } of chosen) {
      context.report({ kind: 'layers-started', modelId: group.modelId, variant: name, target: group.target });
      const report = (): void => {
        context.signal.throwIfAborted();
      };
      ranked.push([job.id, await layerCosts({ name, file, scorer }, limits, { report })]);
    }
    return ranked;
  });
}

/** The baseline was evaluated before; where it no longer runs, no layer is scored, and the run goes on. */
function nullOfRefused(error: unknown): null {
  if (error instanceof AssayError) return null;
  throw error;
}
