import type { PlanAdvice } from '../../runners/explain/advise-plans.ts';

/** A line for each thing found, with the variants it was found of and what to do, and for each variant that will not be made. */
export function planAdviceLines(given: readonly PlanAdvice[]): string[] {
  const variants = new Map<string, string[]>();
  for (const { variant, advice } of given) {
    for (const { code, detail, action } of advice) {
      const found = `${code}: ${detail}: ${action}`;
      variants.set(found, [...(variants.get(found) ?? []), variant]);
    }
  }
  const skips = given.flatMap(({ variant, skipped }) =>
    skipped === null ? [] : [`foreseen ${variant} will be skipped: ${skipped}`],
  );
  return [...skips, ...[...variants].map(([found, names]) => `advice   ${names.join(', ')}: ${found}`)];
}
