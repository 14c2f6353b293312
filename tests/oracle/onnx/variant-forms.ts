import { passes } from '../../../models/passes/registry.ts';
import { parseVariant, variantName } from '../../../models/variant.ts';

/** What stands for a placeholder of the form that users are shown. */
const placeholders: Readonly<Record<string, readonly string[]>> = {
  n: ['2'],
  'm, n < m <= 32': ['4'],
  '1 to 99 percent': ['50'],
  '1 to 256': ['1', '2'],
  '2, 4 or 8': ['2', '4', '8'],
  '10 to 90': ['10', '90'],
  '16 to 256': ['16', '32', '64', '128', '256'],
  'operator in float32': ['Softmax', 'Relu-Gemm'],
  'wanda or sparsegpt': ['wanda', 'sparsegpt'],
};

/** Names of variants of every pass there is with every combination of its options, as the registry shows them to users. */
export const variantForms: readonly string[] = distinct(
  Object.values(passes).flatMap(({ form }) => expand(form.shown).map(canonical)),
);

/** Every two passes that go together, in their plainest forms. */
export const composedForms: readonly string[] = distinct(
  Object.values(passes).flatMap(({ form: first }) =>
    Object.values(passes).flatMap(({ form: second }) => combined(first.examples[0], second.examples[0])),
  ),
);

function combined(first = '', second = ''): string[] {
  try {
    return [canonical(`${first}+${second}`)];
  } catch {
    return [];
  }
}

/** Without what says nothing new, such as a choice that is made anyway. */
function canonical(name: string): string {
  return variantName(parseVariant(name).steps);
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** What `a[-b or -c]-<placeholder>` stands for. Throws for a placeholder without samples, so that no new one is passed over. */
function expand(shown: string): string[] {
  const match = /^(?<before>[^[<]*)(?:\[(?<optional>[^\]]*)\]|<(?<placeholder>[^>]*)>)(?<after>.*)$/.exec(
    shown,
  );
  if (match === null) return [shown];
  const { before = '', optional, placeholder = '', after = '' } = match.groups ?? {};
  const middles = optional === undefined ? samplesOf(placeholder) : choices(optional);
  return expand(after).flatMap((rest) => middles.map((middle) => `${before}${middle}${rest}`));
}

function choices(optional: string): string[] {
  const alternatives = optional.split(' or ').map((one) => one.replace(/\.\.\.$/, ''));
  return ['', ...alternatives.flatMap(expand)];
}

function samplesOf(placeholder: string): readonly string[] {
  const samples = placeholders[placeholder];
  if (samples === undefined) throw new Error(`no samples for <${placeholder}>`);
  return samples;
}
