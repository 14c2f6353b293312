import type { LayerCosts, LayerScore } from '../../results/layer-costs-schema.ts';

function score(difference: number, distance: number): LayerScore {
  const interval = { low: difference - 0.004, high: difference + 0.004, level: 0.95, method: 'Tango' };
  return { difference, interval, distance };
}

/** Two layers that were scored, one whose time was over, and one that was too small to be scored. */
export function makeLayerCosts(overrides: Partial<LayerCosts> = {}): LayerCosts {
  return {
    metric: { label: 'Accuracy', unit: '', direction: 'higher-is-better' },
    distanceName: 'KL divergence, nats a sample',
    layers: 4,
    costs: [
      {
        ...{ node: 'output', operator: 'Gemm', weights: 2560, reason: null },
        ...{ alone: score(-0.0123, 0.00482), without: score(-0.001, 0.0002) },
      },
      {
        ...{ node: 'hidden', operator: 'Gemm', weights: 262_144, reason: null },
        ...{ alone: score(0, 0.00014), without: score(-0.0119, 0.0049) },
      },
      {
        ...{ node: 'conv_1', operator: 'Conv', weights: 288, alone: null, without: null },
        reason: 'the time ended before it was scored',
      },
    ],
    ...overrides,
  };
}
