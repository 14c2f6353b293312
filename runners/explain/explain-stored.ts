import type { Advice } from '../../core/advice.ts';
import { parseVariant } from '../../models/variant.ts';
import type { Variant } from '../../results/schema.ts';
import { buildInHost, type HostedRequest } from '../build-in-host.ts';
import { adviseByPasses } from './advise-by-passes.ts';
import type { ExplainEffects } from './subject.ts';

/** What a variant that only TF.js models have is good for: of it no operators can be timed. */
export type StoredExplanation =
  | { status: 'stored'; variant: Variant; advice: Advice[] }
  | { status: 'not-applicable' | 'failed'; reason: string };

/** Makes such a variant, and says what its passes mean for the size and the speed. */
export async function explainStored(
  request: Pick<HostedRequest, 'model' | 'cacheDir'> & { variant: string },
  { host, report }: Pick<ExplainEffects, 'host' | 'report'>,
): Promise<StoredExplanation> {
  report(`making ${request.variant}`);
  const built = await buildInHost({ ...request, dataset: null }, host);
  if (built.status === 'refused') throw built.error;
  if (built.status !== 'built') return built;
  const { steps } = parseVariant(request.variant);
  const situation = { device: 'wasm', cpuFlags: [] };
  return { status: 'stored', variant: built.variant, advice: adviseByPasses({ steps, situation }) };
}
