import type { z } from 'zod';
import { parseWith } from '../../core/parse.ts';
import type { OnnxModel } from '../onnx/model.ts';
import type { Calibration } from './calibration.ts';

export type PassName = 'prune-magnitude' | 'quantize-dynamic';

/** Settings of a pass as records store them. */
export type PassParameters = Readonly<Record<string, string | number | boolean>>;

/** What came of a pass; `summary` says in words what it did. */
export type PassOutcome =
  { status: 'applied'; model: OnnxModel; summary: string } | { status: 'nothing-to-do'; reason: string };

/** A pass that looks at the model alone. `Outcome` is a promise where ONNX Runtime takes part (shapes, folding). */
export interface PlainPass<Outcome extends PassOutcome | Promise<PassOutcome>> {
  /** Raised with every change of what the pass writes: built variants are kept by it. */
  version: number;
  /** ONNX operators whose weights it changes. */
  operators: readonly string[];
  needs: 'nothing';
  /** Rewrites without changing `model`. Throws `variant-invalid` on parameters it does not know, `model-invalid` on weights it cannot use. */
  apply(model: OnnxModel, parameters: PassParameters): Outcome;
}

/** A pass that also needs what the model's values come out as on data. */
export interface CalibratedPass extends Pick<PlainPass<PassOutcome>, 'version' | 'operators'> {
  needs: 'calibration';
  /** As that of a plain pass. Throws `dataset-invalid` besides, where the data are empty or do not fit the model. */
  apply(model: OnnxModel, parameters: PassParameters, calibration: Calibration): Promise<PassOutcome>;
}

/** One rewrite of a model. */
export type Pass = PlainPass<PassOutcome | Promise<PassOutcome>> | CalibratedPass;

interface Definition<Schema extends z.ZodType> extends Pick<CalibratedPass, 'version' | 'operators'> {
  name: PassName;
  parameters: Schema;
}

interface PlainDefinition<Schema extends z.ZodType, Outcome> extends Definition<Schema> {
  rewrite: (model: OnnxModel, parameters: z.output<Schema>) => Outcome;
}

/** Makes a pass that checks its parameters first. */
export function definePass<Schema extends z.ZodType, Outcome extends PassOutcome | Promise<PassOutcome>>(
  definition: PlainDefinition<Schema, Outcome>,
): PlainPass<Outcome> {
  const { version, operators, rewrite } = definition;
  return {
    version,
    operators,
    needs: 'nothing',
    apply: (model, given) => rewrite(model, checked(definition, given)),
  };
}

interface CalibratedDefinition<Schema extends z.ZodType> extends Definition<Schema> {
  rewrite: (model: OnnxModel, parameters: z.output<Schema>, calibration: Calibration) => Promise<PassOutcome>;
}

/** Makes a pass that checks its parameters first and needs calibration data. */
export function defineCalibratedPass<Schema extends z.ZodType>(
  definition: CalibratedDefinition<Schema>,
): CalibratedPass {
  const { version, operators, rewrite } = definition;
  return {
    version,
    operators,
    needs: 'calibration',
    apply: async (model, given, calibration) => rewrite(model, checked(definition, given), calibration),
  };
}

function checked<Schema extends z.ZodType>(
  { name, parameters }: Definition<Schema>,
  given: PassParameters,
): z.output<Schema> {
  const source = { what: 'parameters', where: `the pass ${name}`, code: 'variant-invalid' } as const;
  return parseWith(parameters, given, source);
}
