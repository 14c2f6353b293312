import { kindOf, stepsOn } from '../../variant.ts';
import { expectRatio } from '../expect.ts';
import { keptNodes } from '../kept-nodes.ts';
import type { Rule } from '../examined.ts';

const leastShare = 0.25;
export const littleReached: Rule = ({ steps, baseline, situation, executed }) => {
  const onnxSteps = stepsOn({ steps }, 'onnx') ?? [];
  const gaining = onnxSteps.filter(({ pass }) => ['quantizes', 'removes units'].includes(kindOf(pass)));
  if (gaining.length === 0 || baseline === null) return null;
  // Where the variant is not known, it is taken to reach all that its passes could.
  const isKept = executed === null ? () => false : keptNodes(steps, executed);
  const { reached } = expectRatio({ steps: gaining, baseline, situation, isKept, shrink: 1 });
  if (reached >= leastShare) return null;
  return `${gaining.map(({ pass }) => pass).join(' and ')} reaches ${Math.round(reached * 100)} % of the baseline's time`;
};
