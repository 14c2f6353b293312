import type { CalibratedModel, Calibration } from '../../runners/calibrate/calibration-schema.ts';
import { formatPercent, formatTime } from '../../site/views/format.ts';
import { formatTable } from './table.ts';

/** What the machine can tell apart, a row a model, and what follows for a run. */
export function formatCalibration({ models, margin }: Calibration): string {
  const looks = models[0]?.looks.map(({ processes }) => processes) ?? [];
  const headings = [
    'model',
    'call',
    'noise',
    ...looks.map((processes) => `seen by ${processes}`),
    'false alarms',
    `${formatPercent(margin)} flagged`,
  ];
  const undecidable = models.filter(({ isDecidable }) => !isDecidable).map(({ name }) => name);
  return `${formatTable(headings, models.map(row))}\n${conclusion(margin, undecidable, models.length)}\n`;
}

function row({ name, p50Ms, noise, looks, falseAlarms, power }: CalibratedModel): string[] {
  return [
    `about ${name}`,
    formatTime(p50Ms),
    formatPercent(noise),
    ...looks.map(({ detectableEffect }) =>
      detectableEffect === null ? '-' : formatPercent(detectableEffect),
    ),
    `${formatPercent(falseAlarms.share)} (at most ${formatPercent(falseAlarms.interval.high)})`,
    formatPercent(power.share),
  ];
}

function conclusion(margin: number, undecidable: readonly string[], models: number): string {
  const slowdown = `A slowdown of ${formatPercent(margin)}`;
  if (undecidable.length === 0) return `${slowdown} is decided here, by as many processes as a run takes.`;
  const which = undecidable.length === models ? 'any model' : `models of ${undecidable.join(' and ')}`;
  return `${slowdown} is too small for ${which} here: more than 1 of 20 such runs do not flag it and end inconclusive, or even as a pass. Quieten the machine, or run with --thorough.`;
}
