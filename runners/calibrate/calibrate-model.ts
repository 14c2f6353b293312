import { minimumDetectableEffect } from '../../core/statistics/detectable-effect.ts';
import { robustDeviation } from '../../core/statistics/spread.ts';
import { mean } from '../../core/statistics/summary.ts';
import { wilsonInterval } from '../../core/statistics/wilson.ts';
import { alphaOfALook, beta, type LatencyDesign } from '../../results/compare-latency.ts';
import type { CalibratedModel } from './calibration-schema.ts';
import { replayVerdicts } from './replay.ts';

const replays = 1000;
const level = 0.95;
/** Share of true slowdowns that must be flagged for the margin to be decidable. */
const askedPower = 0.95;

/** What was timed of one model: log-ratios of twins against the first instance, one a process. */
export interface TwinTimes {
  name: string;
  p50Ms: number;
  shifts: readonly (readonly number[])[];
}

/** What a run of this design could tell, given what twins did. */
export function calibrateModel({ name, p50Ms, shifts }: TwinTimes, design: LatencyDesign): CalibratedModel {
  const noise = mean(shifts.map((twin) => robustDeviation(twin) ?? 0));
  const pooled = { shifts: shifts.flat(), replays };
  const idle = replayVerdicts({ ...pooled, added: 0, seed: 1 }, design);
  const slowed = replayVerdicts({ ...pooled, added: Math.log1p(design.maxSlowdown), seed: 2 }, design);
  const power = shareOf(slowed.regressed);
  return {
    name,
    p50Ms,
    processes: shifts[0]?.length ?? 0,
    shifts: shifts.map((twin) => [...twin]),
    noise,
    looks: design.looks.map((processes) => ({
      processes,
      detectableEffect: detectable(noise, processes, design),
    })),
    falseAlarms: shareOf(idle.regressed + idle.improved),
    power,
    isDecidable: power.share >= askedPower,
  };
}

function shareOf(flagged: number): CalibratedModel['power'] {
  return { flagged, replays, share: flagged / replays, interval: wilsonInterval(flagged, replays, level) };
}

function detectable(noise: number, processes: number, design: LatencyDesign): number | null {
  const alpha = alphaOfALook(design);
  if (noise === 0 || 2 ** -processes > alpha) return null;
  return Math.expm1(minimumDetectableEffect(noise, processes, { alpha, beta }));
}
