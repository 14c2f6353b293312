import { expect, test } from 'vitest';
import type { References, Samples } from '../../core/samples.ts';
import { inBatches } from '../../core/in-batches.ts';

/** Five samples, of which number i has i in everything. */
function samplesWith(references: References): Samples {
  return {
    ids: ['0', '1', '2', '3', '4'],
    inputs: {
      x: { type: 'float32', shape: [5, 2], data: Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4) },
      text: { type: 'string', shape: [5], data: ['0', '1', '2', '3', '4'] },
    },
    references,
    clusters: { by: 'patient', names: ['0', '1', '2', '3', '4'] },
    weights: Float64Array.of(0, 1, 2, 3, 4),
  };
}

const once = Int32Array.of(0, 1, 2, 3, 4);
const twice = Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4);
const texts = ['0', '1', '2', '3', '4'];

const allKinds: References[] = [
  { kind: 'values', unit: 'm', names: ['a', 'b'], values: Float64Array.from(twice) },
  { kind: 'classes', labels: ['x'], values: ['0'], indices: once },
  { kind: 'labels', labels: ['x', 'y'], values: ['0', '1'], flags: Uint8Array.from(twice) },
  { kind: 'gains', queries: texts, gains: Float64Array.from(once) },
  { kind: 'tags', tags: ['t'], indices: twice, lengths: once, ids: twice },
  {
    ...{ kind: 'tokens', vocabulary: ['v'], join: ' ', end: null, ids: twice, lengths: once },
    words: { x: 'tokens' },
    promptLengths: once,
    floorNegativeLogLikelihood: Float64Array.from(once),
    otherTexts: texts.map((text) => [text]),
  },
];

test.for(allKinds)(
  'samples with $kind as references come in batches with all that is known of each',
  (all) => {
    const batches = [...inBatches(samplesWith(all), 2)];
    expect(batches.map(({ ids }) => ids)).toEqual([['0', '1'], ['2', '3'], ['4']]);
    const { ids, inputs, clusters, weights, references } = batches[1] as Samples;
    expect(ids).toEqual(['2', '3']);
    expect(inputs).toEqual({
      x: { type: 'float32', shape: [2, 2], data: Float32Array.of(2, 2, 3, 3) },
      text: { type: 'string', shape: [2], data: ['2', '3'] },
    });
    expect(clusters).toEqual({ by: 'patient', names: ['2', '3'] });
    expect(weights).toEqual(Float64Array.of(2, 3));
    for (const [name, column] of Object.entries(references)) {
      const whole: unknown = all[name as keyof References];
      const isOfSamples = ArrayBuffer.isView(whole) || name === 'queries' || name === 'otherTexts';
      if (isOfSamples)
        expect(new Set(Array.from(column as Iterable<unknown>, String)), name).toEqual(new Set(['2', '3']));
      else expect(column, name).toEqual(whole);
    }
    const cells = batches.flatMap((batch) =>
      Object.values(batch.references).filter((column) => ArrayBuffer.isView(column)),
    );
    const wholeCells = Object.values(all).filter((column) => ArrayBuffer.isView(column));
    expect(bytesOf(cells)).toBe(bytesOf(wholeCells));
  },
);

function bytesOf(columns: readonly ArrayBufferView[]): number {
  return columns.reduce((total, { byteLength }) => total + byteLength, 0);
}
