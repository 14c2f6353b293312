import type { Flips, QualityComparison } from '../../results/quality-schema.ts';
import { metricName } from '../../site/views/cell-tables.ts';
import { distanceFigures } from '../../site/views/distance-table.ts';
import {
  clip,
  decimalsOfComparison,
  formatChange,
  formatNumber,
  formatPercent,
  formatSignificant,
} from '../../site/views/format.ts';
import { idsText, type JudgedVariant } from './change-text.ts';
import { joinUndefined, type Undefined } from './join-undefined.ts';
import { formatTable } from './table.ts';
import { withinSentence } from './within-sentence.ts';
import { wrap } from './wrap.ts';

/** A variant with the metrics that it or its baseline has no value of. */
export interface ComparedVariant extends JudgedVariant {
  unjudged: readonly Undefined[];
}

/** Variants of one model of a suite on one target. */
export interface ComparedGroup {
  suite: string;
  model: string;
  target: string;
  variants: readonly ComparedVariant[];
}

/** Everything that changed of each variant against its baseline. */
export function formatComparison({ suite, model, target, variants }: ComparedGroup): string {
  return `${suite} · ${model} on ${target}\n${variants.map(ofVariant).join('')}`;
}

function ofVariant(variant: ComparedVariant): string {
  const { quality, unjudged, flips, slices } = variant;
  const parts = [
    quality.length === 0 ? '' : indented(qualityTable(quality)),
    ...quality.map(({ label, reason }) => wrap(`  ${label}: ${reason}`, '    ')),
    ...joinUndefined(unjudged).map(({ variants, text }) =>
      wrap(`  Undefined for ${variants.join(' and ')}: ${text}`, '    '),
    ),
    flips === null ? '' : flipsOf(flips),
    distanceOf(variant),
    slices.length === 0 ? '' : `\n${indented(slicesTable(slices))}`,
  ];
  return `\n${variant.variant.name}\n${parts.join('')}`;
}

function indented(table: string): string {
  return table.replaceAll(/^(?=.)/gm, '  ');
}

function qualityTable(quality: readonly QualityComparison[]): string {
  const rows = quality.map((judged) => [
    metricName(judged),
    ...figuresOf(judged),
    formatSignificant(judged.margin),
    judged.verdict,
  ]);
  return formatTable(['metric', 'baseline', 'variant', 'change', 'margin', ''], rows);
}

function figuresOf(judged: QualityComparison): string[] {
  const { baseline, variant, difference, interval } = judged;
  const decimals = decimalsOfComparison(judged);
  return [
    formatNumber(baseline, decimals),
    formatNumber(variant, decimals),
    formatChange({ value: difference, interval }, decimals),
  ];
}

/** All that are stored stand in the record; this names where to begin. */
const mostIds = 20;

function flipsOf({ rightToWrong, wrongToRight, agreement, samples, ...flips }: Flips): string {
  const wrong = `  Now wrong: ${formatNumber(rightToWrong, 0)} of ${formatNumber(samples, 0)} samples`;
  const right = `  Now right: ${formatNumber(wrongToRight, 0)}`;
  return [
    `${wrong}${idsText(flips.rightToWrongIds, rightToWrong, mostIds)}`,
    `${right}${idsText(flips.wrongToRightIds, wrongToRight, mostIds)}`,
    `  Answered alike: ${formatPercent(agreement, 4)}`,
  ]
    .map((line) => wrap(line, '    '))
    .join('');
}

function distanceOf({ distance, distanceReason }: JudgedVariant): string {
  if (distance === null)
    return distanceReason === null ? '' : wrap(`  Distance of outputs: unknown. ${distanceReason}`, '    ');
  const figures = distanceFigures(distance);
  const told = figures.map(({ heading, hint, value, range }, index) => {
    // Of neighbours in one unit the last one names it.
    const unit = hint === '' || value === '–' || hint === figures[index + 1]?.hint ? '' : ` ${hint}`;
    return `${withinSentence(heading)} ${value}${unit}${range === null ? '' : ` (${range})`}`;
  });
  return wrap(`  Distance of outputs: ${told.join(', ')}`, '    ');
}

function slicesTable(slices: JudgedVariant['slices']): string {
  const rows = slices.map(({ slice, samples, comparison }) => [
    clip(slice, 40),
    formatNumber(samples, 0),
    ...(comparison === null ? ['-', '-', 'undefined', ''] : [...figuresOf(comparison), comparison.verdict]),
  ]);
  return formatTable(['slice, worst first', 'samples', 'baseline', 'variant', 'change', ''], rows);
}
