import type * as z from 'zod';
import { parseWith } from '../../core/parse.ts';
import type { OnnxModel } from '../onnx/model.ts';
import type { Calibration } from './calibration.ts';
import type { NameForm } from './name-form.ts';

/** Settings of a pass as records store them. */
export type PassParameters = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** What came of a pass; `summary` says in words what it did. */
export type PassOutcome<Model = OnnxModel> =
  { status: 'applied'; model: Model; summary: string } | { status: 'nothing-to-do'; reason: string };

/** Kinds of device, by what ONNX Runtime calls them. */
export type DeviceKind = 'cpu' | 'wasm' | 'cuda' | 'webgpu';

/** What a pass does to weights; a variant has one pass of a kind at most, removal of units aside. */
export type PassKind = 'removes units' | 'zeroes weights' | 'smooths' | 'quantizes' | 'converts' | 'stores';

/** What names and variants need to know of a pass. */
export interface NamedTraits {
  kind: PassKind;
  /** How it is written in the name of a variant. */
  form: NameForm;
  /** Raised with every change of what the pass writes: built variants are kept by it. */
  version: number;
}

/** What is known of a pass on ONNX models before it runs. */
interface Traits extends NamedTraits {
  /** ONNX operators whose weights it changes. */
  operators: readonly string[];
  /** Devices with kernels that can run the result faster than its source; elsewhere it only is smaller. */
  paysOn: readonly DeviceKind[];
}

/** A pass that looks at the model alone. */
export interface PlainPass extends Traits {
  needs: 'nothing';
  /** Rewrites without changing `model`. Throws `variant-invalid` on parameters it does not know, `model-invalid` on weights it cannot use. */
  apply(model: OnnxModel, parameters: PassParameters): Promise<PassOutcome>;
}

/** A pass that also needs what the model's values come out as on data. */
export interface CalibratedPass extends Traits {
  needs: 'calibration';
  /** As that of a plain pass. Throws `dataset-invalid` besides, where the data are empty or do not fit the model. */
  apply(model: OnnxModel, parameters: PassParameters, calibration: Calibration): Promise<PassOutcome>;
}

/** A pass that needs data only with some of its parameters. */
export interface PartlyCalibratedPass extends Traits {
  needs: 'calibration-for-some';
  /** Throws `variant-invalid` on parameters it does not know. */
  needsCalibration(parameters: PassParameters): boolean;
  /** As that of a calibrated pass; data are not looked at where its parameters need none. */
  apply(model: OnnxModel, parameters: PassParameters, calibration: Calibration | null): Promise<PassOutcome>;
}

/** One rewrite of a model. */
export type Pass = PlainPass | CalibratedPass | PartlyCalibratedPass;

/** Whether a pass with these parameters needs calibration data. */
export function needsCalibration(pass: Pass, parameters: PassParameters): boolean {
  return (
    pass.needs === 'calibration' ||
    (pass.needs === 'calibration-for-some' && pass.needsCalibration(parameters))
  );
}

interface Definition<Schema extends z.ZodType> extends Traits {
  name: string;
  parameters: Schema;
}

function traitsOf({ kind, form, version, operators, paysOn }: Traits): Traits {
  return { kind, form, version, operators, paysOn };
}

interface PlainDefinition<Schema extends z.ZodType> extends Definition<Schema> {
  rewrite: (model: OnnxModel, parameters: z.output<Schema>) => Promise<PassOutcome>;
}

/** Makes a pass that checks its parameters first. */
export function definePass<Schema extends z.ZodType>(definition: PlainDefinition<Schema>): PlainPass {
  return {
    ...traitsOf(definition),
    needs: 'nothing',
    apply: async (model, given) => definition.rewrite(model, checked(definition, given)),
  };
}

interface CalibratedDefinition<Schema extends z.ZodType> extends Definition<Schema> {
  rewrite: (model: OnnxModel, parameters: z.output<Schema>, calibration: Calibration) => Promise<PassOutcome>;
}

/** Makes a pass that checks its parameters first and needs calibration data. */
export function defineCalibratedPass<Schema extends z.ZodType>(
  definition: CalibratedDefinition<Schema>,
): CalibratedPass {
  return {
    ...traitsOf(definition),
    needs: 'calibration',
    apply: async (model, given, calibration) =>
      definition.rewrite(model, checked(definition, given), calibration),
  };
}

interface PartlyCalibratedDefinition<Schema extends z.ZodType> extends Definition<Schema> {
  needsCalibration: (parameters: z.output<Schema>) => boolean;
  /** Parameters that come nearest without data; absent where there are none. */
  needsNone?: (parameters: z.output<Schema>) => z.output<Schema>;
  /** The calibration is null exactly where `needsCalibration` says that there need be none. */
  rewrite: (
    model: OnnxModel,
    parameters: z.output<Schema>,
    calibration: Calibration | null,
  ) => Promise<PassOutcome>;
}

/** Makes a pass that checks its parameters first and needs calibration data with some of them. */
export function definePartlyCalibratedPass<Schema extends z.ZodType>(
  definition: PartlyCalibratedDefinition<Schema>,
): PartlyCalibratedPass {
  return {
    ...traitsOf(definition),
    needs: 'calibration-for-some',
    needsCalibration: (given) => definition.needsCalibration(checked(definition, given)),
    apply: async (model, given, calibration) => {
      const settings = checked(definition, given);
      if (!definition.needsCalibration(settings)) return definition.rewrite(model, settings, null);
      return calibration === null
        ? withoutData(definition, model, settings)
        : definition.rewrite(model, settings, calibration);
    },
  };
}

/** That there is nothing to do with data either says more; else what does without. */
async function withoutData<Schema extends z.ZodType>(
  { needsNone, form, rewrite }: PartlyCalibratedDefinition<Schema>,
  model: OnnxModel,
  settings: z.output<Schema>,
): Promise<PassOutcome> {
  const plain = needsNone?.(settings);
  if (plain === undefined) return { status: 'nothing-to-do', reason: noCalibration };
  const outcome = await rewrite(model, plain, null);
  if (outcome.status === 'nothing-to-do') return outcome;
  const name = form.name(plain as PassParameters);
  return { status: 'nothing-to-do', reason: `${noCalibration}, and ${name} needs none` };
}

/** Why a pass that needs data has nothing to do where there are none. */
export const noCalibration = 'it needs calibration data and there are none; --dataset or --suite names some';

/** The parameters of a pass as it knows them; throws `variant-invalid` where it does not. */
export function checked<Schema extends z.ZodType>(
  { name, parameters }: { name: string; parameters: Schema },
  given: PassParameters,
): z.output<Schema> {
  const source = { what: 'parameters', where: `the pass ${name}`, code: 'variant-invalid' } as const;
  return parseWith(parameters, given, source);
}
