import type * as z from 'zod';

/** Refuses a list of names in which one is there twice: either would silently stand for the other. */
export function noneTwice(names: readonly string[], context: z.RefinementCtx): void {
  report(names, [], context);
}

/** Refuses a list of items of which two agree in one of the fields. */
export function noneTwiceIn<Field extends string>(...fields: readonly Field[]) {
  return (items: readonly Record<Field, string>[], context: z.RefinementCtx): void => {
    for (const field of fields) {
      const names = items.map((item) => item[field]);
      report(names, [field], context);
    }
  };
}

function report(names: readonly string[], field: readonly string[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    const message = `"${name}" is there twice; each is accepted once`;
    if (seen.has(name)) context.addIssue({ code: 'custom', path: [index, ...field], message });
    seen.add(name);
  }
}
