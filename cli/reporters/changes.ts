import type { StoredRun } from '../../results/read-runs.ts';
import { chooseRecords, targetOf, type ChosenGroup } from '../../site/views/choose-records.ts';
import { distanceText, flipsText, isCompared, worstSliceText, type JudgedVariant } from './change-text.ts';
import { wrap } from './wrap.ts';

/** Ids of samples that flipped, of each kind: where to begin to look. */
const mostIds = 3;

/** What changed of every variant of a run against its baseline, two lines each; empty where nothing was compared. */
export function formatChanges(stored: StoredRun): string {
  const groups = chooseRecords([stored]).map(ofGroup);
  const text = groups.join('');
  return text === ''
    ? ''
    : `\nChanged against the baseline, on the same samples\n${text}  More: assay compare ${stored.run.id}\n`;
}

function ofGroup({ group, subject }: ChosenGroup): string {
  const variants = group?.record.variants.filter(isCompared) ?? [];
  if (variants.length === 0) return '';
  return `  ${subject.model.id} on ${targetOf(subject)}\n${variants.map(ofVariant).join('')}`;
}

function ofVariant(variant: JudgedVariant): string {
  const flips = variant.flips === null ? [] : [flipsText(variant.flips, mostIds)];
  const rest = [distanceText(variant), worstSliceText(variant)].filter((text) => text !== null).join('; ');
  const [first = '', ...others] = [...flips, ...(rest === '' ? [] : [rest])];
  const lines = [`    ${variant.variant.name}: ${first}`, ...others.map((other) => `      ${other}`)];
  return lines.map((line) => wrap(line, '      ')).join('');
}
