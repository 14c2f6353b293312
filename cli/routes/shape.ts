/** The shape of one input, written `name=1x3x224x224`. */
export interface InputShape {
  name: string;
  shape: readonly number[];
}

const mostElements = 2 ** 30;

/** A parser of shapes. */
export function inputShape(text: string): InputShape {
  const [, name = '', sizes = ''] = /^(.+)=(\d+(?:x\d+)*)$/.exec(text) ?? [];
  const shape = sizes.split('x').map(Number);
  const elements = shape.reduce((product, size) => product * size, 1);
  if (name !== '' && elements > 0 && elements <= mostElements) return { name, shape };
  throw new Error(`"${text}" is not the shape of an input, such as x=1x16`);
}
