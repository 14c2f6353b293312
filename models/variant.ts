import { AssayError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';
import { hasLeftOutSuffix } from './passes/left-out.ts';
import type { PassKind, PassParameters } from './passes/pass.ts';
import { passes, type PassName } from './passes/registry.ts';

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

/** The variant every other one is judged against: the model as it is. */
export const baselineVariant = 'fp32';

const passNames = Object.keys(passes) as PassName[];

/** One variant of each pass, in its plainest form. */
export const exampleVariants: readonly string[] = passNames.flatMap((pass) =>
  passes[pass].form.examples.slice(0, 1),
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

/** The name `parseVariant` reads as these steps; where a step leaves nodes out, one that holds only a hash of them. */
export function variantName(steps: readonly PassStep[]): string {
  if (steps.length === 0) return baselineVariant;
  return steps.map(({ pass, parameters }) => passes[pass].form.name(parameters)).join('+');
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

function leavesOut(pass: PassName): boolean {
  return ['quantizes', 'converts'].includes(passes[pass].kind);
}

function readPart(part: string, name: string): PassStep {
  for (const pass of passNames) {
    const { form } = passes[pass];
    const match = form.pattern.exec(part);
    if (match !== null) return { pass, parameters: form.parameters(match.groups ?? {}) };
  }
  const what = part === name ? `variant "${name}"` : `part "${part}" of variant "${name}"`;
  if (hasLeftOutSuffix(part))
    throw invalid(`The ${what} leaves nodes out, of which a name holds a hash only; list them beside it.`);
  const known = [baselineVariant, ...passNames.flatMap((pass) => passes[pass].form.examples)];
  throw invalid(`Unknown ${what}. ${suggest(part, known)}`);
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
  const found = steps.map(({ pass }) => pass).filter((pass) => passes[pass].kind === kind);
  if (found.length > 1) throw invalid(`Variant "${name}" ${why.replace('%', found.join(' and '))}`);
}

function misplaced(steps: readonly PassStep[]): string {
  const prunes = ({ pass }: PassStep): boolean =>
    ['removes units', 'zeroes weights'].includes(passes[pass].kind);
  const firstQuantizer = steps.findIndex((step) => !prunes(step));
  return firstQuantizer !== -1 && steps.slice(firstQuantizer).some(prunes)
    ? 'prunes after quantizing, which leaves no float weights to prune'
    : 'has its passes in an order that works less well';
}

function invalid(message: string): AssayError {
  const shown = passNames.map((pass) => passes[pass].form.shown).join(', ');
  return new AssayError('variant-invalid', message, {
    hint: `A variant is ${baselineVariant}, or one or more of these joined by "+": ${shown}.`,
  });
}
