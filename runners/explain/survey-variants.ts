import type { Advice } from '../../core/advice.ts';
import type { Expected } from '../../models/explain/expect.ts';
import { exampleVariants, kindOf, parseVariant } from '../../models/variant.ts';
import { buildInHost } from '../build-in-host.ts';
import { failureOf } from '../pool/supervise.ts';
import { examine } from './explain-variant.ts';
import type { ExplainEffects, Subject } from './subject.ts';

/** What is to be expected of one variant, or why it cannot be made. */
export type Prospect =
  | { variant: string; status: 'made'; expected: Expected | null; advice: Advice[] }
  | { variant: string; status: 'not-applicable' | 'failed'; reason: string };

/** Makes one variant of each pass, and says what to expect of it; nothing is timed but the baseline. */
export async function surveyVariants(subject: Subject, effects: ExplainEffects): Promise<Prospect[]> {
  effects.report(`trying ${exampleVariants.length} passes`);
  return Promise.all(exampleVariants.map((variant) => prospectOf(variant, subject, effects)));
}

async function prospectOf(variant: string, subject: Subject, { host }: ExplainEffects): Promise<Prospect> {
  const { model, dataset, cacheDir } = subject;
  const built = await buildInHost({ model, variant: triedAs(variant), dataset, cacheDir }, host);
  if (built.status === 'not-applicable') return { variant, ...built };
  if (built.status !== 'built') return { variant, status: 'failed', reason: failureOf(built).reason };
  const { steps } = parseVariant(variant);
  const { expected, advice } = await examine(subject, { path: built.path, steps, profile: null }, { host });
  return { variant, status: 'made', expected, advice };
}

/** A refit of what stays takes time and data, and changes no shape. */
function triedAs(variant: string): string {
  const isStructured = parseVariant(variant).steps.some(({ pass }) => kindOf(pass) === 'removes units');
  return isStructured ? `${variant}-plain` : variant;
}
