import { AssayError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';
import type { ModelFormat } from './format.ts';
import { hasLeftOutSuffix } from './passes/left-out.ts';
import type { NamedTraits, PassKind, PassParameters } from './passes/pass.ts';
import { passes, type PassName } from './passes/registry.ts';
import { tfjsPasses, type TfjsPassName } from './tfjs/passes/registry.ts';

/** Names of the passes that rewrite models of each format. */
interface PassNames {
  onnx: PassName;
  tfjs: TfjsPassName;
}

/** One pass of a variant with all of its parameters. */
export interface PassStep<Format extends ModelFormat = ModelFormat> {
  pass: PassNames[Format];
  parameters: PassParameters;
}

/** A model after an ordered list of passes; the baseline has none. */
export interface VariantPlan {
  name: string;
  steps: readonly PassStep[];
}

/** The variant every other one is judged against: the model as it is. */
export const baselineVariant = 'fp32';

const passesOf: Readonly<Record<ModelFormat, Readonly<Record<string, NamedTraits>>>> = {
  onnx: passes,
  tfjs: tfjsPasses,
};
const formats = Object.keys(passesOf) as ModelFormat[];

/** A pass that rewrites models of several formats is written and combined alike in all of them. */
const traits: Readonly<Record<PassStep['pass'], NamedTraits>> = { ...passes, ...tfjsPasses };
/** In the order in which they may be combined: the weights of TF.js models are stored last. */
const passNames = Object.keys(traits) as PassStep['pass'][];

/** One variant of each pass on ONNX models, in its plainest form. */
export const exampleVariants: readonly string[] = Object.values(passes).flatMap(({ form }) =>
  form.examples.slice(0, 1),
);

/** The steps as passes on models of a format; null where one of them does not rewrite such models. */
export function stepsOn<Format extends ModelFormat>(
  { steps }: Pick<VariantPlan, 'steps'>,
  format: Format,
): readonly PassStep<Format>[] | null {
  return steps.every(({ pass }) => pass in passesOf[format]) ? (steps as readonly PassStep<Format>[]) : null;
}

/** The formats of models that all of these steps rewrite. */
export function formatsOf(plan: Pick<VariantPlan, 'steps'>): ModelFormat[] {
  return formats.filter((format) => stepsOn(plan, format) !== null);
}

/** Why there is no such variant of a model of another format. */
export function whyNotOn(plan: VariantPlan): string {
  return `its passes rewrite ${showFormats(plan)} models only`;
}

/** What a variant's identity is made of: its steps, each with the version of its pass on models of the format. */
export function versionedSteps({ steps }: VariantPlan, format: ModelFormat): unknown {
  return steps.map((step) => ({ ...step, version: passesOf[format][step.pass]?.version ?? null }));
}

/**
 * The passes a variant name stands for: `fp32`, or names such as `int8-dynamic` and `prune-magnitude-50` joined by `+` in
 * the order in which they run. Throws `variant-invalid` with the nearest name and the accepted forms.
 */
export function parseVariant(name: string): VariantPlan {
  if (name === baselineVariant) return { name, steps: [] };
  const parts = name.split('+');
  const changing = parts.filter((part) => part !== baselineVariant);
  const steps = changing.map((part) => readPart(part, name));
  assertFormat(steps, name);
  assertOrder(steps, name);
  if (changing.length < parts.length) throw notAlone(name, steps);
  return { name, steps };
}

/** The name `parseVariant` reads as these steps; where a step leaves nodes out, one that holds only a hash of them. */
export function variantName(steps: readonly PassStep[]): string {
  if (steps.length === 0) return baselineVariant;
  return steps.map(({ pass, parameters }) => traits[pass].form.name(parameters)).join('+');
}

/**
 * The plan with some nodes left in float32 by its passes that quantize or convert: a node goes by its name, or by its first output
 * where it has none. The same nodes in another order are the same plan. Throws `variant-invalid` where no pass can leave nodes out.
 */
export function leavingOut({ name, steps }: VariantPlan, nodes: readonly string[]): VariantPlan {
  if (nodes.length === 0) return { name, steps };
  const leftOut = [...new Set(nodes)].sort();
  const changed = steps.map(({ pass, parameters }) =>
    leavesOut(pass) ? { pass, parameters: { ...parameters, leftOut } } : { pass, parameters },
  );
  if (steps.some(({ pass }) => leavesOut(pass))) return { name: variantName(changed), steps: changed };
  throw invalid(`Variant "${name}" neither quantizes nor converts, so no node can be left in float32.`);
}

/** What a pass does to weights. */
export function kindOf(pass: PassStep['pass']): PassKind {
  return traits[pass].kind;
}

function leavesOut(pass: PassStep['pass']): boolean {
  return ['quantizes', 'converts'].includes(kindOf(pass));
}

function readPart(part: string, name: string): PassStep {
  const what = part === name ? `variant "${name}"` : `part "${part}" of variant "${name}"`;
  for (const pass of passNames) {
    const { form } = traits[pass];
    const match = form.pattern.exec(part);
    if (match === null) continue;
    const refusal = form.refusal?.(match.groups ?? {}) ?? null;
    if (refusal !== null) throw invalid(`The ${what} ${refusal}`);
    return { pass, parameters: form.parameters(match.groups ?? {}) };
  }
  if (hasLeftOutSuffix(part))
    throw new AssayError(
      'variant-invalid',
      `The ${what} leaves nodes out, of which a name holds a hash only: it cannot be made from its name.`,
      {
        hint: 'assay optimize --max-drop keeps it as a file, <model>.<variant>.onnx: give the path of that file as a model of a suite ("models") or of a command.',
      },
    );
  const alone = part === name ? [baselineVariant] : [];
  const known = [...alone, ...passNames.flatMap((pass) => traits[pass].form.examples)];
  throw invalid(`Unknown ${what}. ${suggest(part, known)}`);
}

function notAlone(name: string, steps: readonly PassStep[]): AssayError {
  return invalid(
    `Variant "${name}" has ${baselineVariant} as a part: that is the model without passes, which stands alone. Did you mean "${variantName(steps)}"?`,
  );
}

function assertOrder(steps: readonly PassStep[], name: string): void {
  const sorted = steps.toSorted((a, b) => passNames.indexOf(a.pass) - passNames.indexOf(b.pass));
  const twice = sorted.find((step, index) => step.pass === sorted[index + 1]?.pass);
  if (twice !== undefined)
    throw invalid(`Variant "${name}" has the pass ${twice.pass} twice; once is the most.`);
  assertOne(steps, name, {
    kind: 'quantizes',
    why: 'quantizes by %; one is the most, as it leaves no float weights to another.',
  });
  assertOne(steps, name, {
    kind: 'zeroes weights',
    why: 'zeroes single weights by %; one is the most, as the zeros of one are what another would choose first.',
  });
  if (steps.every((step, index) => step === sorted[index])) return;
  throw invalid(`Variant "${name}" ${misplaced(steps)}. Did you mean "${variantName(sorted)}"?`);
}

function assertOne(
  steps: readonly PassStep[],
  name: string,
  { kind, why }: { kind: PassKind; why: string },
): void {
  const found = steps.map(({ pass }) => pass).filter((pass) => traits[pass].kind === kind);
  if (found.length > 1) throw invalid(`Variant "${name}" ${why.replace('%', found.join(' and '))}`);
}

function assertFormat(steps: readonly PassStep[], name: string): void {
  if (formatsOf({ steps }).length > 0) return;
  const kinds = steps.map((step) => `${step.pass} rewrites ${showFormats({ steps: [step] })} models`);
  throw invalid(`Variant "${name}" is of no format: ${kinds.join(', ')}.`);
}

const formatNames: Readonly<Record<ModelFormat, string>> = { onnx: 'ONNX', tfjs: 'TF.js' };

/** The formats of models a variant can be made of, in words. */
function showFormats(plan: Pick<VariantPlan, 'steps'>): string {
  return formatsOf(plan)
    .map((format) => formatNames[format])
    .join(' or ');
}

function misplaced(steps: readonly PassStep[]): string {
  const prunes = ({ pass }: PassStep): boolean =>
    ['removes units', 'zeroes weights'].includes(traits[pass].kind);
  const firstQuantizer = steps.findIndex((step) => !prunes(step));
  return firstQuantizer !== -1 && steps.slice(firstQuantizer).some(prunes)
    ? 'prunes after quantizing, which leaves no float weights to prune'
    : 'has its passes in an order that works less well';
}

/** With all that is accepted, unless the message says already what was meant. */
function invalid(message: string): AssayError {
  const shown = passNames.map((pass) => traits[pass].form.shown).join(', ');
  const accepted = `A variant is ${baselineVariant}, or one or more of these joined by "+": ${shown}.`;
  return new AssayError('variant-invalid', message, isAnswered(message) ? {} : { hint: accepted });
}

function isAnswered(message: string): boolean {
  return message.includes('Did you mean ');
}
