import { layersOf, leavingPass } from '../../models/explain/layers.ts';
import { decodeModelFile, readModelBytes } from '../../models/onnx/read.ts';
import { parseVariant } from '../../models/variant.ts';
import type { LayerCosts, LayerScore } from '../../results/layer-costs-schema.ts';
import type { ModelData } from '../explain/model-data.ts';
import type { ExplainEffects, Subject } from '../explain/subject.ts';
import { withBriefFolder } from './brief-folder.ts';
import { rankLayers, type RankLimits } from './rank-layers.ts';
import { scorerOnData, scorerOnInputs, type Cost, type Scorer } from './score-variant.ts';

/**
 * Quantizes or converts one layer at a time, and all but one, and says what each costs: on the test split where there is one, else in
 * how much the outputs move. Throws `variant-invalid` where the variant leaves no layers to choose from.
 */
export async function explainLayers(
  { subject, data, name }: { subject: Subject; data: ModelData | null; name: string },
  limits: RankLimits,
  effects: ExplainEffects,
): Promise<LayerCosts> {
  return withBriefFolder(subject.cacheDir, async (cacheDir) => {
    const scorer = await scorerFor({ ...subject, cacheDir }, { data, ...limits }, effects);
    return layerCosts({ name, file: subject.model.path, scorer }, limits, effects);
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

/** What each layer of a variant costs, as records keep it. Throws `variant-invalid` where its passes can leave none out. */
export async function layerCosts(
  { name, file, scorer }: { name: string; file: string; scorer: Scorer },
  limits: RankLimits,
  effects: { report: (step: string) => void },
): Promise<LayerCosts> {
  const plan = parseVariant(name);
  const layers = layersOf(await decodeModelFile(await readModelBytes(file), file), leavingPass(plan));
  const costs = await rankLayers({ plan, layers, scorer }, limits, effects);
  const compared = costs.flatMap(({ alone, without }) => alone?.comparison ?? without?.comparison ?? [])[0];
  return {
    metric:
      compared === undefined
        ? null
        : { label: compared.label, unit: compared.unit, direction: compared.direction },
    distanceName: scorer.distanceName,
    layers: layers.length,
    costs: costs.map(({ layer, alone, without, reason }) => {
      return { ...layer, alone: scoreOf(alone), without: scoreOf(without), reason };
    }),
  };
}

function scoreOf(cost: Cost | null): LayerScore | null {
  if (cost === null) return null;
  const { comparison, distance } = cost;
  return { difference: comparison?.difference ?? null, interval: comparison?.interval ?? null, distance };
}
