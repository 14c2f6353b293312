import { expect, test } from 'vitest';
import { formatVerdicts } from '../../../cli/reporters/verdict-table.ts';
import type { Warning } from '../../../results/warning-schema.ts';
import { latencyComparison } from '../../fakes/latency-comparison.ts';
import {
  makeCell,
  makeGroup,
  makeMetric,
  measuredQuality,
  makeProfile,
  makeQuality,
  makeRun,
  makeSubject,
  makeTimed,
  makeTimedVariant,
  makeVariant,
} from '../../fakes/stored-runs.ts';

test("a verdict stands beside McNemar's p, and an open one beside the samples it would take", () => {
  const equality = { name: 'mcnemar', p: 0.041389, midP: 0.026604 } as const;
  const open = makeQuality({ verdict: 'inconclusive', neededSamples: 1300, equality });
  const variants = [
    makeTimedVariant({ variant: makeVariant(), timed: makeTimed(makeProfile(1)) }),
    makeTimedVariant({
      variant: makeVariant({ name: 'int8-dynamic', isBaseline: false }),
      timed: makeTimed(makeProfile(1)),
      quality: [open],
    }),
  ];
  const records = [{ file: 'g.json', record: makeGroup({ variants }) }];
  const text = formatVerdicts({ file: 'run.json', run: makeRun(), records, damaged: [] });
  expect(text).toMatch(/ P +/);
  expect(text).toMatch(/int8-dynamic .* 0.041 \(mid 0.027\) +inconclusive, 1300 more samples/);
});

test('a small but certain difference is not rounded away by the wider interval of the metric', () => {
  const mse = { label: 'Mean squared error', unit: 'mpg²', direction: 'lower-is-better' } as const;
  const wide = { low: 3.4, high: 8.1, level: 0.95, method: 'bootstrap' };
  const narrow = { low: 0.011, high: 0.024, level: 0.975, method: 'bootstrap' };
  const quality = [
    makeQuality({ ...mse, baseline: 5.61, variant: 5.6275, difference: 0.0175, interval: narrow }),
  ];
  const names = ['fp32', 'int8-dynamic'];
  const timed = makeTimed(makeProfile(1));
  const variants = names.map((name) => makeVariant({ name, isBaseline: name === 'fp32' }));
  const group = makeGroup({
    variants: variants.map((variant) =>
      makeTimedVariant({ variant, timed, quality: variant.isBaseline ? [] : quality }),
    ),
  });
  const cells = variants.map((variant, index) => {
    const metric = makeMetric({ ...mse, value: [5.61, 5.6275][index] ?? null, interval: wide });
    return makeCell({ variant, outcome: measuredQuality([metric]) });
  });
  const records = [group, ...cells].map((record, index) => ({ file: `${index}.json`, record }));
  const text = formatVerdicts({ file: 'run.json', run: makeRun(), records, damaged: [] });
  expect(text).toContain(', mean squared error, mpg² (lower is better)');
  expect(text).toMatch(/fp32 +5\.6100 +baseline/);
  expect(text).toMatch(/int8-dynamic +5\.6275 +\+0\.0175 /);
});

test('weights that are small in the file alone are labelled beside their size', () => {
  const advice = [
    { code: 'storage-only', detail: 'the weights are expanded', action: 'expect no speed' },
  ] as const;
  const timed = makeTimed(makeProfile(1));
  const variants = [
    makeTimedVariant({ variant: makeVariant(), timed }),
    makeTimedVariant({
      variant: makeVariant({ name: 'uint8-storage', isBaseline: false, sizeBytes: 38_000 }),
      timed,
      advice: [...advice],
    }),
  ];
  const records = [{ file: 'g.json', record: makeGroup({ variants }) }];
  const text = formatVerdicts({ file: 'run.json', run: makeRun(), records, damaged: [] });
  expect(text).toMatch(/fp32 .* 152 kB$/m);
  expect(text).toMatch(/uint8-storage .* 38.0 kB, storage only$/m);
});

const undefinedAs = (label: string, reason: string) =>
  makeMetric({ id: label.toLowerCase(), label, value: null, interval: null, reason });

test('a metric without a value is told once, below the table, whether the baseline has one or not', () => {
  const reason = 'predictions must be finite numbers; not so for sample "3"';
  const oneClass = 'no sample is of class "yes"';
  const timed = makeTimed(makeProfile(1));
  const variants = ['fp32', 'fp16'].map((name) => makeVariant({ name, isBaseline: name === 'fp32' }));
  const group = makeGroup({ variants: variants.map((variant) => makeTimedVariant({ variant, timed })) });
  const ofBoth = [undefinedAs('AUC', oneClass), makeMetric(), undefinedAs('AUC at 0.1', oneClass)];
  const ofFp16 = [undefinedAs('Brier', reason), undefinedAs('Log loss', reason)];
  const cells = variants.map((variant) =>
    makeCell({ variant, outcome: measuredQuality(variant.isBaseline ? ofBoth : [...ofBoth, ...ofFp16]) }),
  );
  const records = [group, ...cells].map((record, index) => ({ file: `${index}.json`, record }));
  const text = formatVerdicts({ file: 'run.json', run: makeRun(), records, damaged: [] });
  expect(text).toMatch(/fp16 +undefined +-/);
  expect(text).toContain(`
Undefined
  digits-cnn fp32, fp16 on onnxruntime/cpu: AUC, AUC at 0.1: ${oneClass}
  digits-cnn fp16 on onnxruntime/cpu: Brier, Log loss: ${reason}
`);
});

test('every doubt is told, of one kind the first ten and how many more, and what to do about them once', () => {
  const advice = 'read another metric';
  const doubtOf = (at: number): Warning => ({
    code: 'ill-conditioned',
    detail: `R2 of output ${at}`,
    advice,
  });
  const warnings = [
    ...Array.from({ length: 12 }, (_, at) => doubtOf(at)),
    { code: 'drift', detail: 'slower and slower', advice: 'wait' } as const,
  ];
  const records = [{ file: 'c.json', record: makeCell({ warnings }) }];
  const text = formatVerdicts({ file: 'run.json', run: makeRun(), records, damaged: [] });
  const told = text.slice(text.indexOf('Doubts\n')).split('\n');
  expect(told.filter((line) => line.includes('ill-conditioned: digits-cnn fp32 on'))).toHaveLength(10);
  expect(told[1]).toMatch(/^ {2}ill-conditioned: digits-cnn fp32 on .*: R2 of output 0$/);
  expect(told.slice(11)).toEqual([
    '  … and 2 more doubts of the kind, which --json lists',
    `    ${advice}`,
    expect.stringMatching(/^ {2}drift: digits-cnn fp32 on .*: slower and slower$/),
    '    wait',
    '',
  ]);
});

test('a doubt names the variants it is about, those of the same one together, and none where the group has it', () => {
  const doubt = (detail: string): Warning => ({ code: 'ill-conditioned', detail, advice: 'read on' });
  const cellsOf = (id: string) =>
    ['fp32', 'int8-dynamic'].map((name) =>
      makeCell({
        subject: makeSubject({ model: { ...makeSubject().model, id } }),
        variant: makeVariant({ name, isBaseline: name === 'fp32' }),
        warnings: [doubt('few samples a bin'), doubt(`not 1 in ${name}`)],
      }),
    );
  const group = makeGroup({ warnings: [{ code: 'drift', detail: 'slower and slower', advice: 'wait' }] });
  const records = [group, ...cellsOf('digits-cnn'), ...cellsOf('digits-mlp')].map((record, index) => ({
    file: `${index}.json`,
    record,
  }));
  const text = formatVerdicts({ file: 'run.json', run: makeRun(), records, damaged: [] });
  expect(text).toContain(`
Doubts
  drift: digits-cnn on onnxruntime/cpu: slower and slower
    wait
  ill-conditioned: digits-cnn fp32, int8-dynamic on onnxruntime/cpu (and 1 more group): few samples a bin
  ill-conditioned: digits-cnn fp32 on onnxruntime/cpu (and 1 more group): not 1 in fp32
  ill-conditioned: digits-cnn int8-dynamic on onnxruntime/cpu (and 1 more group): not 1 in int8-dynamic
    read on
`);
});

test('of many variants the first six are named', () => {
  const outcome = { status: 'skipped', code: 'unavailable', reason: 'no GPU' } as const;
  const records = Array.from({ length: 9 }, (_, index) => ({
    file: `${index}.json`,
    record: makeCell({ variant: makeVariant({ name: `v${index}`, isBaseline: index === 0 }), outcome }),
  }));
  const text = formatVerdicts({ file: 'run.json', run: makeRun(), records, damaged: [] });
  expect(text).toContain(
    '\nSkipped\n  digits-cnn v0, v1, v2, v3, v4, v5 and 3 more on onnxruntime/cpu: no GPU\n',
  );
});

test.each([
  ['unavailable', true],
  ['not-applicable', false],
] as const)('of what was skipped as %s, it is %s that doctor is named', (code, isNamed) => {
  const outcome = { status: 'skipped', code, reason: 'why' } as const;
  const records = [{ file: 'c.json', record: makeCell({ outcome }) }];
  const text = formatVerdicts({ file: 'run.json', run: makeRun(), records, damaged: [] });
  expect(text.includes('assay doctor onnxruntime/cpu tells what mends it')).toBe(isNamed);
});

test('a latency that the pairs do not bear out is marked, with what the mark means', () => {
  const told = (variantMs: number): string => {
    const variants = [
      makeTimedVariant({ variant: makeVariant(), timed: makeTimed(makeProfile(1)) }),
      makeTimedVariant({
        variant: makeVariant({ name: 'int8-dynamic', isBaseline: false }),
        timed: makeTimed(makeProfile(variantMs)),
        latency: latencyComparison(Array.from({ length: 10 }, () => ({ baseline: [1, 1], variant: [1, 1] }))),
      }),
    ];
    const records = [{ file: 'g.json', record: makeGroup({ variants }) }];
    return formatVerdicts({ file: 'run.json', run: makeRun(), records, damaged: [] });
  };
  expect(told(1.6)).toMatch(/int8-dynamic .* 1\.60 ms\* +1\.00x/);
  expect(told(1.6)).toContain('\n* sampled after the pairs');
  expect(told(1.1)).not.toContain('*');
});
