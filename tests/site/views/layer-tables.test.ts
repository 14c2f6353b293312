import { expect, test } from 'vitest';
import { layerTables } from '../../../site/views/layer-tables.ts';
import { makeLayerCosts } from '../../fakes/layer-costs.ts';
import { makeGroup, makeTimedVariant, makeVariant } from '../../fakes/stored-runs.ts';
import type { LayerCosts } from '../../../results/layer-costs-schema.ts';

function tablesOf(layers: LayerCosts | null): ReturnType<typeof layerTables> {
  const variant = makeVariant({ name: 'int8-static' });
  return layerTables(makeGroup({ variants: [makeTimedVariant({ variant, layers })] }));
}

function texts(table: ReturnType<typeof layerTables>[number] | undefined): string[][] {
  return (table?.rows ?? []).map(({ name, cells }) => [
    name,
    ...cells.map(({ value, range }) => (range === null ? value : `${value} | ${range}`)),
  ]);
}

test('each layer is a row with what it costs alone and what is left without it, or why it was not scored', () => {
  const [table] = tablesOf(makeLayerCosts());
  expect(table?.caption).toBe(
    'Layers of int8-static that cost the quality, the 3 most costly of 4; distance: KL divergence, nats a sample',
  );
  expect(texts(table)).toEqual([
    [
      ...['output', 'Gemm | 2560'],
      ...['−0.0123 | −0.0163 to −0.0083', '0.00482', '−0.0010 | −0.0050 to +0.0030', '0.000200', ''],
    ],
    [
      ...['hidden', 'Gemm | 262,144'],
      ...['0.0000 | −0.0040 to +0.0040', '0.000140', '−0.0119 | −0.0159 to −0.0079', '0.00490', ''],
    ],
    ['conv_1', 'Conv | 288', '–', '–', '–', '–', 'the time ended before it was scored'],
  ]);
});

test('without a metric there is the distance alone', () => {
  const [table] = tablesOf(makeLayerCosts({ metric: null }));
  expect(table?.columns.map(({ name }) => name)).toEqual([
    ...['Operator', 'Distance, it alone', 'Distance, all but it', 'Not scored'],
  ]);
  expect(texts(table)[0]).toEqual(['output', 'Gemm | 2560', '0.00482', '0.000200', '']);
});

test('where all were scored no column tells why one was not, and tiny distances have an exponent', () => {
  const [layer] = makeLayerCosts().costs;
  if (layer?.alone == null) throw new Error('there is a layer');
  const costs = [{ ...layer, alone: { ...layer.alone, distance: 0.0000312 } }];
  const [table] = tablesOf(makeLayerCosts({ metric: null, costs, layers: 1 }));
  expect(table?.columns.map(({ name }) => name)).not.toContain('Not scored');
  expect(texts(table)).toEqual([['output', 'Gemm | 2560', '3.1e-5', '0.000200']]);
});

test('of many layers the most costly ones are shown', () => {
  const [layer] = makeLayerCosts().costs;
  if (layer === undefined) throw new Error('there is a layer');
  const costs = Array.from({ length: 30 }, (_, index) => ({ ...layer, node: `layer ${index}` }));
  const [table] = tablesOf(makeLayerCosts({ costs, layers: 48 }));
  expect(table?.rows.map(({ name }) => name)).toEqual(costs.slice(0, 20).map(({ node }) => node));
  expect(table?.caption).toContain('the 20 most costly of 48');
});

test('a run that was not asked for it has no table', () => {
  expect(tablesOf(null)).toEqual([]);
  expect(tablesOf(makeLayerCosts({ costs: [], layers: 0 }))).toEqual([]);
});
