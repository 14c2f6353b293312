import type { Rule, Shapes } from '../examined.ts';

export const calibrationShapesDiffer: Rule = ({ steps, shapes: { calibrated, served } }) => {
  const isStatic = steps.some(({ pass }) => pass === 'quantize-static');
  if (!isStatic || calibrated === null || served === null) return null;
  const name = Object.keys(served).find((input) => differs(calibrated[input], served[input]));
  if (name === undefined) return null;
  return `"${name}" was calibrated as [${describe(calibrated[name])}] and is served as [${describe(served[name])}]`;
};

type Shape = Shapes[string];

/** In an axis other than the first: how many samples there are in a batch changes no range. */
function differs(calibrated: Shape | undefined, served: Shape | undefined): boolean {
  if (calibrated === undefined || served === undefined) return false;
  return served.slice(1).some((size, axis) => size !== calibrated[axis + 1]);
}

function describe(shape: Shape | undefined): string {
  return ['batch', ...(shape ?? []).slice(1)].join(', ');
}
