import { layersOf, leavingPass } from '../../models/explain/layers.ts';
import { decodeModelFile, readModelBytes } from '../../models/onnx/read.ts';
import { parseVariant } from '../../models/variant.ts';
import type { ModelData } from '../explain/model-data.ts';
import type { ExplainEffects, Subject } from '../explain/subject.ts';
import { withBriefFolder } from './brief-folder.ts';
import { rankLayers, type LayerCost, type RankLimits } from './rank-layers.ts';
import { scorerOnData, scorerOnInputs, type Scorer } from './score-variant.ts';

/** Which layers of a variant cost the quality. */
export interface LayerReport {
  variant: string;
  /** What the distances are of. */
  distanceName: string;
  /** The metric of the losses; null where there is no dataset. */
  metric: string | null;
  layers: number;
  /** Most costly first. */
  costs: readonly LayerCost[];
}

/**
 * Quantizes or converts one layer at a time, and all but one, and says what each costs: on the test split where there is one, else in
 * how much the outputs move. Throws `variant-invalid` where the variant leaves no layers to choose from.
 */
export async function explainLayers(
  { subject, data, name }: { subject: Subject; data: ModelData | null; name: string },
  limits: RankLimits,
  effects: ExplainEffects,
): Promise<LayerReport> {
  const plan = parseVariant(name);
  const pass = leavingPass(plan);
  const { path: file } = subject.model;
  const layers = layersOf(await decodeModelFile(await readModelBytes(file), file), pass);
  return withBriefFolder(subject.cacheDir, async (cacheDir) => {
    const scorer = await scorerFor({ ...subject, cacheDir }, { data, ...limits }, effects);
    const costs = await rankLayers({ plan, layers, scorer }, limits, effects);
    const { distanceName } = scorer;
    return { variant: name, distanceName, metric: data?.metric ?? null, layers: layers.length, costs };
  });
}

async function scorerFor(
  subject: Subject,
  { data, mostSamples }: Pick<RankLimits, 'mostSamples'> & { data: ModelData | null },
  { host, report }: ExplainEffects,
): Promise<Scorer> {
  if (data === null) return scorerOnInputs(subject, host);
  const { model, target, cacheDir: folder } = subject;
  report('predicting with the baseline');
  return scorerOnData({ model, format: 'onnx', data, target, folder, host, mostSamples });
}
