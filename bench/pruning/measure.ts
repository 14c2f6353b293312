import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Samples } from '../../core/samples.ts';
import { openDataset } from '../../datasets/open.ts';
import { loadModel, onnxOf } from '../../models/manifest.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';
import { decodeModel } from '../../models/onnx/read.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { applyPasses } from '../../models/passes/apply.ts';
import type { CalibrationData } from '../../models/passes/calibration.ts';
import { fitBatches } from '../../models/passes/fit-batches.ts';
import { measureFigures } from '../../models/train/figures.ts';
import { parseVariant, stepsOn } from '../../models/variant.ts';
import { calibrationData } from '../../runners/calibration-data.ts';
import { otherSentences } from './other-sentences.ts';

/**
 * What pruning costs the trained models of the catalog without retraining, on their test splits, and how much of what plain
 * removal loses a refit on the calibration data of a run wins back; of sentences, also on 10,000 drawn anew, of which 63 are in a split, too. Every model and
 * variant, or those given; --structures leaves out single weights, quantizers and other sentences:
 *
 *     node bench/pruning/measure.ts [--structures] [model ...]
 */
const cases: readonly { model: string; groups: readonly (readonly string[])[] }[] = [
  { model: 'cars-mlp', groups: [['prune-neurons-50'], ['prune-neurons-75']] },
  { model: 'tumours-mlp', groups: [['prune-neurons-50'], ['prune-neurons-75']] },
  {
    model: 'digits-cnn',
    groups: [['prune-channels-50'], ['prune-neurons-50'], ['prune-channels-50', 'prune-neurons-50']],
  },
  {
    model: 'grammar-transformer',
    groups: [['prune-neurons-50'], ['prune-heads-50'], ['prune-heads-50', 'prune-neurons-50']],
  },
];
/** Removal without a refit: of units chosen by weights, as it is without data, and of those chosen with a refit in mind. */
const plainEndings = ['-plain', '-by-activations-plain'];
const single = [
  'prune-magnitude-50',
  'prune-wanda-50',
  'prune-sparsegpt-50',
  'prune-2-of-4',
  'prune-2-of-4-sparsegpt',
];
const weights = [
  'int8-weights',
  'int4-weights',
  'int4-weights-hqq',
  'int4-weights-gptq',
  'int2-weights',
  'int2-weights-gptq',
];
const { values: given, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: { structures: { type: 'boolean', default: false } },
});

for (const { model, groups } of cases) {
  if (chosen.length === 0 || chosen.includes(model)) await measureModel(model, groups);
}

async function measureModel(id: string, groups: readonly (readonly string[])[]): Promise<void> {
  const model = await loadModel(id);
  const { manifest } = model;
  const onnx = onnxOf(model);
  if (manifest === null) throw new Error(`${id} has no manifest`);
  const dataset = await openDataset(manifest.dataset);
  const test = await dataset.collect('test');
  const source = decodeModel(await readFile(onnx.path), id);
  const calibration = fitBatches(calibrationData(dataset), source.graph);
  const others = manifest.task === 'generation' && !given.structures ? tenThousand(test) : [];
  const figures = async (made: OnnxModel): Promise<Figures> => {
    const bytes = encodeModel(made);
    const found = await measureFigures(bytes, manifest, test);
    const ofOthers: Figures[] = [];
    for (const samples of others) ofOthers.push(await measureFigures(bytes, manifest, samples));
    return ofOthers.length === 0 ? found : [...found, ...averaged(ofOthers)];
  };
  const whole = await figures(source);
  print(id, source, whole);
  for (const group of groups) {
    const fittedModel = await made(source, group.join('+'), calibration);
    const fitted = await figures(fittedModel);
    print(`  ${group.join('+')}, refitted`, fittedModel, fitted);
    for (const ending of plainEndings) {
      const variant = group.map((part) => `${part}${ending}`).join('+');
      const plainModel = await made(source, variant, calibration);
      const plain = await figures(plainModel);
      print(`  ${variant}`, plainModel, plain);
      const shares = whole.map((figure, at) => wonBack(figure, plain[at], fitted[at]));
      process.stdout.write(`    won back: ${shares.join(', ')}\n`);
    }
  }
  for (const variant of given.structures ? [] : [...single, ...weights]) {
    const found = await made(source, variant, calibration);
    print(`  ${variant}`, found, await figures(found));
  }
}

/** A thousand at a time, as their scores are in memory together. */
function tenThousand(test: Samples): Samples[] {
  return Array.from({ length: 10 }, (_, part) => otherSentences(test, { count: 1000, seed: 1000 + part }));
}

function averaged(parts: readonly Figures[]): Figures {
  const [first = []] = parts;
  return first.map(({ figure, unit }, at) => {
    const total = parts.reduce((sum, part) => sum + (part[at]?.value ?? NaN), 0);
    return { figure: `${figure} of others`, unit, value: Number((total / parts.length).toPrecision(4)) };
  });
}

type Figures = Awaited<ReturnType<typeof measureFigures>>;
type Figure = Figures[number];

function wonBack({ figure, value }: Figure, plain: Figure | undefined, fitted: Figure | undefined): string {
  const lost = value - (plain?.value ?? NaN);
  if (lost === 0) return `${figure}: nothing was lost`;
  return `${figure} ${((100 * ((fitted?.value ?? NaN) - (plain?.value ?? NaN))) / lost).toFixed(0)} %`;
}

async function made(source: OnnxModel, variant: string, calibration: CalibrationData): Promise<OnnxModel> {
  const applied = await applyPasses(source, stepsOn(parseVariant(variant), 'onnx') ?? [], calibration);
  if ('reason' in applied) throw new Error(`${variant}: ${applied.reason}`);
  return applied.model;
}

function print(title: string, model: OnnxModel, figures: Figures): void {
  const bytes = encodeModel(model);
  const shown = figures.map(({ figure, value }) => `${figure} ${value}`).join(', ');
  const kilobytes = (size: number): string => `${Math.round(size / 1000)} kB`;
  process.stdout.write(
    `${title}: ${shown}; ${kilobytes(bytes.length)}, ${kilobytes(gzipSync(bytes).length)} compressed\n`,
  );
}
