import type { PassStep } from './variant.ts';

const bits = { 2: 'int2', 4: 'int4', 8: 'int8' } as const;

/** Coarsest last. */
const order = ['float32', 'float16', 'int16', 'int8', 'int4', 'int2'] as const;
type Precision = (typeof order)[number];

/** The coarsest numbers that a variant computes with or has its weights rounded to. */
export function precisionOf(steps: readonly PassStep[]): Precision {
  const found = steps.map(precisionOfStep);
  return order.findLast((one) => found.includes(one)) ?? 'float32';
}

function precisionOfStep({ pass, parameters }: PassStep): Precision {
  return readers[pass]?.(parameters) ?? 'float32';
}

const storedAs = { uint8: 'int8', uint16: 'int16', float16: 'float16' } as const;

const readers: Partial<Record<PassStep['pass'], (parameters: PassStep['parameters']) => Precision>> = {
  'convert-fp16': () => 'float16',
  'quantize-dynamic': () => 'int8',
  'quantize-static': () => 'int8',
  'quantize-weights': ({ bits: width }) => bits[width as keyof typeof bits],
  'store-weights': ({ dtype }) => storedAs[dtype as keyof typeof storedAs],
};
