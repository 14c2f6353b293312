import { AssayError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';
import type { PassName, PassParameters } from './passes/pass.ts';
import { passes } from './passes/registry.ts';

/** One pass of a variant with all of its parameters. */
export interface PassStep {
  pass: PassName;
  parameters: PassParameters;
}

/** A model after an ordered list of passes; the baseline has none. */
export interface VariantPlan {
  name: string;
  steps: readonly PassStep[];
}

/** How one pass is written in a variant name. */
interface Form {
  /** For users. */
  shown: string;
  examples: readonly string[];
  pattern: RegExp;
  parameters(groups: Readonly<Record<string, string | undefined>>): PassParameters;
  name(parameters: PassParameters): string;
}

/** The variant every other one is judged against: the model as it is. */
export const baselineVariant = 'fp32';

/** Units are chosen by data where that measured better; heads, of which there are few, by their weights. */
function structuredForm(kind: 'channels' | 'heads' | 'neurons'): Form {
  const importance = kind === 'heads' ? 'weights' : 'activations';
  const multiple = kind === 'heads' ? 1 : 8;
  const usual = (isPlain: boolean): string => (isPlain ? 'weights' : importance);
  return {
    shown: `prune-${kind}-<1 to 99 percent>[-by-weights or -by-activations][-plain][-multiple-<1 to 256>]`,
    examples: [`prune-${kind}-50`, `prune-${kind}-50-plain`],
    pattern: new RegExp(
      `^prune-${kind}-(?<percent>[1-9]\\d?)(?:-by-(?<importance>weights|activations))?(?<plain>-plain)?(?:-multiple-(?<multiple>[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-6]))?$`,
    ),
    parameters: (given) => ({
      sparsity: Number(given.percent) / 100,
      importance: given.importance ?? usual(given.plain !== undefined),
      reconstruction: given.plain === undefined ? 'least-squares' : 'none',
      multiple: given.multiple === undefined ? multiple : Number(given.multiple),
    }),
    name: (parameters) =>
      [
        `prune-${kind}-${Math.round(Number(parameters.sparsity) * 100)}`,
        ...(parameters.importance === usual(parameters.reconstruction === 'none')
          ? []
          : [`by-${parameters.importance}`]),
        ...(parameters.reconstruction === 'none' ? ['plain'] : []),
        ...(parameters.multiple === multiple ? [] : [`multiple-${parameters.multiple}`]),
      ].join('-'),
  };
}

const forms: Readonly<Record<PassName, Form>> = {
  'prune-heads': structuredForm('heads'),
  'prune-channels': structuredForm('channels'),
  'prune-neurons': structuredForm('neurons'),
  'prune-n-m': {
    shown: 'prune-<n>-of-<m>[-wanda or -sparsegpt]',
    examples: ['prune-2-of-4', 'prune-2-of-4-wanda', 'prune-2-of-4-sparsegpt'],
    pattern: /^prune-(?<keep>[1-9]\d?)-of-(?<of>[1-9]\d?)(?:-(?<score>wanda|sparsegpt))?$/,
    parameters: ({ keep, of, score }) => ({
      keep: Number(keep),
      of: Number(of),
      score: score ?? 'magnitude',
    }),
    name: ({ keep, of, score }) => `prune-${keep}-of-${of}${score === 'magnitude' ? '' : `-${score}`}`,
  },
  'prune-scored': {
    shown: 'prune-<wanda or sparsegpt>-<1 to 99 percent>',
    examples: ['prune-wanda-50', 'prune-sparsegpt-50'],
    pattern: /^prune-(?<score>wanda|sparsegpt)-(?<percent>[1-9]\d?)$/,
    parameters: ({ score = 'wanda', percent }) => ({ sparsity: Number(percent) / 100, score }),
    name: ({ sparsity, score }) => `prune-${score}-${Math.round(Number(sparsity) * 100)}`,
  },
  'prune-magnitude': {
    shown: 'prune-magnitude-<1 to 99 percent>[-per-tensor]',
    examples: ['prune-magnitude-50', 'prune-magnitude-50-per-tensor'],
    pattern: /^prune-magnitude-(?<percent>[1-9]\d?)(?<perTensor>-per-tensor)?$/,
    parameters: ({ percent, perTensor }) => ({
      sparsity: Number(percent) / 100,
      scope: perTensor === undefined ? 'global' : 'per-tensor',
    }),
    name: ({ sparsity, scope }) =>
      `prune-magnitude-${Math.round(Number(sparsity) * 100)}${scope === 'per-tensor' ? '-per-tensor' : ''}`,
  },
  'quantize-dynamic': {
    shown: 'int8-dynamic[-per-tensor][-reduce-range]',
    examples: ['int8-dynamic', 'int8-dynamic-per-tensor', 'int8-dynamic-reduce-range'],
    pattern: /^int8-dynamic(?<perTensor>-per-tensor)?(?<reduceRange>-reduce-range)?$/,
    parameters: ({ perTensor, reduceRange }) => ({
      granularity: perTensor === undefined ? 'per-channel' : 'per-tensor',
      reduceRange: reduceRange !== undefined,
    }),
    name: ({ granularity, reduceRange }) =>
      `int8-dynamic${granularity === 'per-tensor' ? '-per-tensor' : ''}${reduceRange === true ? '-reduce-range' : ''}`,
  },
  'quantize-weights': {
    shown: 'int<2, 4 or 8>-weights[-symmetric][-block-<16 to 256>][-hqq or -gptq]',
    examples: [
      'int4-weights',
      'int8-weights',
      'int4-weights-symmetric',
      'int4-weights-block-32',
      'int4-weights-gptq',
    ],
    pattern:
      /^int(?<bits>[248])-weights(?<symmetric>-symmetric)?(?:-block-(?<blockSize>16|32|64|128|256))?(?:-(?<method>hqq|gptq))?$/,
    parameters: ({ bits, symmetric, blockSize, method }) => ({
      bits: Number(bits),
      blockSize: blockSize === undefined ? 'per-shape' : Number(blockSize),
      symmetry: symmetric === undefined ? 'asymmetric' : 'symmetric',
      method: method ?? 'rtn',
    }),
    name: ({ bits, blockSize, symmetry, method }) =>
      [
        `int${bits}-weights`,
        ...(symmetry === 'symmetric' ? ['symmetric'] : []),
        ...(blockSize === 'per-shape' ? [] : [`block-${blockSize}`]),
        ...(method === 'rtn' ? [] : [method]),
      ].join('-'),
  },
  'quantize-static': {
    shown: 'int8-static[-per-tensor][-i8][-moving-average or -percentile or -entropy or -mse][-reduce-range]',
    examples: [
      'int8-static',
      'int8-static-per-tensor',
      'int8-static-i8',
      'int8-static-percentile',
      'int8-static-entropy',
      'int8-static-mse',
      'int8-static-reduce-range',
    ],
    pattern:
      /^int8-static(?<perTensor>-per-tensor)?(?<signed>-i8)?(?:-(?<ranges>moving-average|percentile|entropy|mse))?(?<reduceRange>-reduce-range)?$/,
    parameters: ({ perTensor, signed, ranges, reduceRange }) => ({
      granularity: perTensor === undefined ? 'per-channel' : 'per-tensor',
      activations: signed === undefined ? 'uint8' : 'int8',
      ranges: ranges ?? 'min-max',
      reduceRange: reduceRange !== undefined,
    }),
    name: ({ granularity, activations, ranges, reduceRange }) =>
      [
        'int8-static',
        ...(granularity === 'per-tensor' ? ['per-tensor'] : []),
        ...(activations === 'int8' ? ['i8'] : []),
        ...(ranges === 'min-max' ? [] : [ranges]),
        ...(reduceRange === true ? ['reduce-range'] : []),
      ].join('-'),
  },
  'convert-fp16': {
    shown: 'fp16[-except-<operator in float32>...]',
    examples: ['fp16', 'fp16-except-Softmax-LayerNormalization'],
    pattern: /^fp16(?:-except-(?<kept>[A-Za-z]+(?:-[A-Za-z]+)*))?$/,
    parameters: ({ kept }) => ({ keep: kept?.replaceAll('-', ' ') ?? '' }),
    name: ({ keep }) => (keep === '' ? 'fp16' : `fp16-except-${String(keep).replaceAll(' ', '-')}`),
  },
};

const passNames = Object.keys(passes) as PassName[];

/** One variant of each pass, in its plainest form. */
export const exampleVariants: readonly string[] = passNames.flatMap((pass) =>
  forms[pass].examples.slice(0, 1),
);

/**
 * The passes a variant name stands for: `fp32`, or names such as `int8-dynamic` and `prune-magnitude-50` joined by `+` in
 * the order in which they run. Throws `variant-invalid` with the nearest name and the accepted forms.
 */
export function parseVariant(name: string): VariantPlan {
  if (name === baselineVariant) return { name, steps: [] };
  const steps = name.split('+').map((part) => readPart(part, name));
  assertOrder(steps, name);
  return { name, steps };
}

/** The name `parseVariant` reads as these steps. */
export function variantName(steps: readonly PassStep[]): string {
  if (steps.length === 0) return baselineVariant;
  return steps.map(({ pass, parameters }) => forms[pass].name(parameters)).join('+');
}

function readPart(part: string, name: string): PassStep {
  for (const pass of passNames) {
    const match = forms[pass].pattern.exec(part);
    if (match !== null) return { pass, parameters: forms[pass].parameters(match.groups ?? {}) };
  }
  const known = [baselineVariant, ...passNames.flatMap((pass) => forms[pass].examples)];
  const what = part === name ? `Unknown variant "${name}"` : `Unknown part "${part}" of variant "${name}"`;
  throw invalid(`${what}. ${suggest(part, known)}`);
}

function assertOrder(steps: readonly PassStep[], name: string): void {
  const sorted = steps.toSorted((a, b) => passNames.indexOf(a.pass) - passNames.indexOf(b.pass));
  const twice = sorted.find((step, index) => step.pass === sorted[index + 1]?.pass);
  if (twice !== undefined)
    throw invalid(`Variant "${name}" has the pass ${twice.pass} twice; once is the most.`);
  const quantizers = steps.filter(({ pass }) => pass.startsWith('quantize-')).map(({ pass }) => pass);
  if (quantizers.length > 1)
    throw invalid(
      `Variant "${name}" quantizes by ${quantizers.join(' and ')}; one is the most, as it leaves no float weights to another.`,
    );
  if (steps.every((step, index) => step === sorted[index])) return;
  throw invalid(`Variant "${name}" ${misplaced(steps)}. Did you mean "${variantName(sorted)}"?`);
}

function misplaced(steps: readonly PassStep[]): string {
  const firstQuantizer = steps.findIndex(({ pass }) => !isPruning(pass));
  return firstQuantizer !== -1 && steps.slice(firstQuantizer).some(({ pass }) => isPruning(pass))
    ? 'prunes after quantizing, which leaves no float weights to prune'
    : 'has its passes in an order that works less well';
}

function isPruning(pass: PassName): boolean {
  return pass.startsWith('prune-');
}

function invalid(message: string): AssayError {
  const shown = passNames.map((pass) => forms[pass].shown).join(', ');
  return new AssayError('variant-invalid', message, {
    hint: `A variant is ${baselineVariant}, or one or more of these joined by "+": ${shown}.`,
  });
}
