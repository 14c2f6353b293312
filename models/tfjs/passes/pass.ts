import type { z } from 'zod';
import { checked, type NamedTraits, type PassOutcome, type PassParameters } from '../../passes/pass.ts';
import type { TfjsModel } from '../model.ts';

/** What is known of a pass on TF.js models before it runs. */
interface Traits extends NamedTraits {
  /** Whether TF.js undoes it when it loads the model: fewer bytes to store and send, the same float32 kernels. */
  storageOnly: boolean;
}

/** One rewrite of the weights of a TF.js model. */
export interface TfjsPass extends Traits {
  /** Rewrites without changing `model`. Throws `variant-invalid` on parameters it does not know, `model-invalid` on weights it cannot use. */
  apply(model: TfjsModel, parameters: PassParameters): PassOutcome<TfjsModel>;
}

interface Definition<Schema extends z.ZodType> extends Traits {
  name: string;
  parameters: Schema;
  rewrite: (model: TfjsModel, parameters: z.output<Schema>) => PassOutcome<TfjsModel>;
}

/** Makes a pass that checks its parameters first. */
export function defineTfjsPass<Schema extends z.ZodType>(definition: Definition<Schema>): TfjsPass {
  const { kind, form, version, storageOnly, rewrite } = definition;
  return {
    ...{ kind, form, version, storageOnly },
    apply: (model, given) => rewrite(model, checked(definition, given)),
  };
}
