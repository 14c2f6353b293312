import type { PlanAdvice } from '../../runners/explain/advise-plans.ts';

/** A line for each thing found, with the variants it was found of and what to do. */
export function planAdviceLines(given: readonly PlanAdvice[]): string[] {
  const variants = new Map<string, string[]>();
  for (const { variant, advice } of given) {
    for (const { code, detail, action } of advice) {
      const found = `${code}: ${detail}: ${action}`;
      variants.set(found, [...(variants.get(found) ?? []), variant]);
    }
  }
  return [...variants].map(([found, names]) => `advice   ${names.join(', ')}: ${found}`);
}
