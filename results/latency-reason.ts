import { valuesToDetect } from '../core/statistics/detectable-effect.ts';
import type { SequentialEvidence } from '../core/statistics/sequential.ts';
import type { Interval, VerdictName } from '../core/verdict.ts';
import { alphaOfALook, beta, type LatencyDesign } from './compare-latency.ts';

/** No plan to measure more processes than this is worth telling. */
const mostProcesses = 10_000;

/** The figures a verdict follows from; shifts are logarithms of the ratio. */
export interface Finding {
  estimate: number;
  interval: Interval;
  evidence: SequentialEvidence;
  noise: number | null;
  detectable: number | null;
  shifts: readonly number[];
  design: LatencyDesign;
}

/** One sentence with the figures, one with what follows from them, and for no decision what it would take. */
export function latencyReason(verdict: VerdictName, finding: Finding): string {
  return `${figures(finding)}: ${consequence(verdict, finding)}`;
}

function figures({ estimate, interval: { low, high, level } }: Finding): string {
  return `${formatSlowdown(estimate)} time, ${formatLevel(level)} interval ${formatSlowdown(low)} to ${formatSlowdown(high)}`;
}

function consequence(verdict: VerdictName, found: Finding): string {
  const { evidence, design } = found;
  const limit = formatSlowdown(Math.log1p(design.maxSlowdown));
  switch (verdict) {
    case 'improved':
      return `faster than the baseline (${formatP(evidence.pBelow)}).`;
    case 'regressed':
      return `slower than the baseline (${formatP(evidence.pAbove)}), and nearer to the limit of ${limit} than to no change.`;
    case 'pass':
      return `a slowdown of ${limit} is ruled out (${formatP(evidence.pWithinMargin)}).`;
    case 'inconclusive':
      return `${found.shifts.length} processes could neither show a slowdown nor rule out ${limit}.${outlook(found)}`;
  }
}

/** What it would take to decide. */
function outlook({ noise, detectable, design }: Finding): string {
  if (noise === null || noise === 0) return '';
  const seen = detectable === null ? '' : ` They would have shown ${formatSlowdown(Math.log1p(detectable))}.`;
  const effect = Math.log1p(design.maxSlowdown);
  const limit = mostProcesses;
  const needed = valuesToDetect(effect, { sd: noise, alpha: alphaOfALook(design), beta, limit });
  const spread = `the ${(noise * 100).toFixed(1)} % by which processes differ here`;
  if (needed === null) return `${seen} With ${spread} it would take more than ${limit} of them.`;
  return `${seen} With ${spread} it takes about ${needed} of them to tell.`;
}

function formatP(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${Number(p.toPrecision(2))}`;
}

function formatLevel(level: number): string {
  return `${Number((level * 100).toPrecision(4))} %`;
}

function formatSlowdown(logRatio: number): string {
  const percent = Math.expm1(logRatio) * 100;
  return `${percent < 0 ? '' : '+'}${percent.toFixed(1)} %`;
}
