import type * as z from 'zod';
import { checked, type NamedTraits, type PassOutcome, type PassParameters } from '../../passes/pass.ts';
import type { TfjsModel } from '../model.ts';

/** One rewrite of the weights of a TF.js model. */
export interface TfjsPass extends NamedTraits {
  /** Rewrites without changing `model`. Throws `variant-invalid` on parameters it does not know, `model-invalid` on weights it cannot use. */
  apply(model: TfjsModel, parameters: PassParameters): PassOutcome<TfjsModel>;
}

interface Definition<Schema extends z.ZodType> extends NamedTraits {
  name: string;
  parameters: Schema;
  rewrite: (model: TfjsModel, parameters: z.output<Schema>) => PassOutcome<TfjsModel>;
}

/** Makes a pass that checks its parameters first. */
export function defineTfjsPass<Schema extends z.ZodType>(definition: Definition<Schema>): TfjsPass {
  const { kind, form, version, rewrite } = definition;
  return {
    ...{ kind, form, version },
    apply: (model, given) => rewrite(model, checked(definition, given)),
  };
}
