import {
  makeCell,
  makeGroup,
  makeMetric,
  makeProfile,
  makeQuality,
  makeRun,
  makeSubject,
  makeTimed,
  makeTimedVariant,
  measuredQuality,
  makeVariant,
  writeRun,
} from '../fakes/stored-runs.ts';
import { defaultTargetSettings } from '../../results/target-schema.ts';
import { makeLayerCosts } from '../fakes/layer-costs.ts';

export const hostileText = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}${alert(3)}';

/** A valid run whose every free text tries to be markup, a link, a path or very long; and figures out of all proportion. */
export async function writeHostileRun(resultsDir: string): Promise<void> {
  const long = 'endless '.repeat(1250);
  const subject = makeSubject({
    suite: { id: '../../../suite/..', title: `${hostileText} ${long}`, hash: 'a'.repeat(64) },
    dataset: { ...makeSubject().dataset, title: hostileText, licence: 'javascript:alert(4)', split: long },
    model: { id: `</title>${hostileText}`, title: `javascript:alert(5)`, sha256: 'b'.repeat(64) },
    target: {
      runner: '__proto__',
      device: `<svg onload=alert(6)>`,
      label: '<b onclick=alert(7)>',
      settings: { ...defaultTargetSettings, sessionOptions: { '<i>': '<script>alert(8)</script>' } },
    },
  });
  const variant = makeVariant({
    name: 'x'.repeat(10_000),
    isBaseline: false,
    passes: [{ pass: hostileText, parameters: { constructor: hostileText, toString: 1 }, summary: long }],
  });
  const metrics = [
    makeMetric({
      label: hostileText,
      unit: '<b>',
      value: 1e300,
      interval: { low: -1e300, high: 1e300, level: 0.95, method: hostileText },
    }),
    makeMetric({ id: 'constructor', label: long, value: -1e-300, interval: null, oracle: hostileText }),
    makeMetric({ id: 'none', value: null, interval: null, reason: hostileText }),
  ];
  const latency = {
    ratio: 1e-300,
    interval: { low: -5, high: 1e300, level: 0.95, method: hostileText },
    margin: 10,
    verdict: 'regressed',
    reason: hostileText,
    p: 0,
    isWithheld: false,
    evidence: null,
    noise: 0,
    cpuRatio: null,
    processes: 1,
    pairs: 1,
    minimumDetectableEffect: 1e300,
  } as const;
  const failed = {
    status: 'failed',
    code: 'crashed',
    reason: hostileText,
    stderrTail: `${hostileText}\n${long}`,
  } as const;
  const warnings = [
    { code: 'control-failed', detail: hostileText, advice: `javascript:alert(7) ${long}` } as const,
  ];
  const profile = makeProfile(1e-12);
  await writeRun(
    resultsDir,
    makeRun({
      id: 'run <script>alert(8)</script>'.replaceAll('/', ':'),
      assayVersion: hostileText,
      gitRevision: hostileText,
      suites: [
        {
          ...subject.suite,
          description: `${hostileText} ${long}`,
          given: hostileText,
          resolved: { [hostileText]: long },
        },
      ],
    }),
    [
      makeCell({ subject, outcome: measuredQuality(metrics) }),
      makeCell({ subject, variant, outcome: failed, warnings }),
      makeGroup({
        subject,
        warnings,
        variants: [
          makeTimedVariant({
            variant: makeVariant({ name: hostileText }),
            timed: makeTimed(profile, metrics),
          }),
          makeTimedVariant({
            variant,
            advice: [{ code: 'storage-only', detail: `${hostileText} ${long}`, action: hostileText }],
            layers: makeLayerCosts({
              distanceName: hostileText,
              costs: makeLayerCosts().costs.map((one) => ({ ...one, node: long, operator: hostileText })),
            }),
            quality: [makeQuality({ label: hostileText, reason: long, margin: 1e300 })],
            latency,
          }),
        ],
        control: latency,
        pairs: [{ variant: variant.name, process: 0, baselineMs: [0, -1], variantMs: [1e300] }],
      }),
    ],
  );
}
