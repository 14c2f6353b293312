import { expect, test } from 'vitest';
import { AssayError } from '../../core/errors.ts';
import { passes } from '../../models/passes/registry.ts';
import { leavingOut, parseVariant, variantName } from '../../models/variant.ts';
import { composedForms, variantForms } from '../oracle/onnx/variant-forms.ts';

const int8 = { pass: 'quantize-dynamic', parameters: { granularity: 'per-channel', reduceRange: false } };
const int4 = {
  pass: 'quantize-weights',
  parameters: { bits: 4, blockSize: 'per-shape', symmetry: 'asymmetric', method: 'rtn' },
};
const int8Static = {
  pass: 'quantize-static',
  parameters: { granularity: 'per-channel', activations: 'uint8', ranges: 'min-max', reduceRange: false },
};
const neurons = {
  pass: 'prune-neurons',
  parameters: { sparsity: 0.5, importance: 'activations', reconstruction: 'least-squares', multiple: 8 },
};
const pruned = { pass: 'prune-magnitude', parameters: { sparsity: 0.5, scope: 'global' } };

test.for([
  ['fp32', []],
  ['int8-dynamic', [int8]],
  ['int8-dynamic-per-tensor', [{ ...int8, parameters: { granularity: 'per-tensor', reduceRange: false } }]],
  ['int8-dynamic-reduce-range', [{ ...int8, parameters: { granularity: 'per-channel', reduceRange: true } }]],
  [
    'int8-dynamic-per-tensor-reduce-range',
    [{ ...int8, parameters: { granularity: 'per-tensor', reduceRange: true } }],
  ],
  ['prune-magnitude-50', [pruned]],
  ['prune-magnitude-7-per-tensor', [{ ...pruned, parameters: { sparsity: 0.07, scope: 'per-tensor' } }]],
  ['prune-magnitude-50+int8-dynamic', [pruned, int8]],
  ['int4-weights', [int4]],
  ['prune-magnitude-50+int4-weights', [pruned, int4]],
  ['prune-neurons-50+int8-dynamic', [neurons, int8]],
  [
    'prune-heads-25-plain+prune-channels-30-by-weights-multiple-16+int4-weights',
    [
      {
        pass: 'prune-heads',
        parameters: { sparsity: 0.25, importance: 'weights', reconstruction: 'none', multiple: 1 },
      },
      {
        pass: 'prune-channels',
        parameters: { sparsity: 0.3, importance: 'weights', reconstruction: 'least-squares', multiple: 16 },
      },
      int4,
    ],
  ],
  [
    'prune-neurons-50-by-activations-plain',
    [{ ...neurons, parameters: { ...neurons.parameters, reconstruction: 'none' } }],
  ],
  ['prune-2-of-4', [{ pass: 'prune-n-m', parameters: { keep: 2, of: 4, score: 'magnitude' } }]],
  ['prune-4-of-8-sparsegpt', [{ pass: 'prune-n-m', parameters: { keep: 4, of: 8, score: 'sparsegpt' } }]],
  ['prune-wanda-50', [{ pass: 'prune-scored', parameters: { sparsity: 0.5, score: 'wanda' } }]],
  ['int8-static', [int8Static]],
  [
    'int8-static-per-tensor-i8-moving-average-reduce-range',
    [
      {
        pass: 'quantize-static',
        parameters: {
          granularity: 'per-tensor',
          activations: 'int8',
          ranges: 'moving-average',
          reduceRange: true,
        },
      },
    ],
  ],
  ['int8-static-entropy', [{ ...int8Static, parameters: { ...int8Static.parameters, ranges: 'entropy' } }]],
  ['prune-magnitude-50+int8-static', [pruned, int8Static]],
  ['smooth-quant+int8-static', [{ pass: 'smooth-quant', parameters: { alpha: 0.5 } }, int8Static]],
  ['smooth-quant-auto+int8-dynamic', [{ pass: 'smooth-quant', parameters: { alpha: 'auto' } }, int8]],
  ['smooth-quant-alpha-65+int4-weights', [{ pass: 'smooth-quant', parameters: { alpha: 0.65 } }, int4]],
  ['fp16', [{ pass: 'convert-fp16', parameters: { keep: '' } }]],
  ['fp16-except-Softmax-Exp', [{ pass: 'convert-fp16', parameters: { keep: 'Softmax Exp' } }]],
  [
    'int8-weights-symmetric-block-128-gptq',
    [
      {
        pass: 'quantize-weights',
        parameters: { bits: 8, blockSize: 128, symmetry: 'symmetric', method: 'gptq' },
      },
    ],
  ],
] as const)('%s stands for its passes, and they for it', ([name, steps]) => {
  expect(parseVariant(name)).toEqual({ name, steps });
  expect(variantName(parseVariant(name).steps)).toBe(name);
});

test.for(Object.entries(passes))(
  'the form of %s that users are shown has all of its options',
  ([, { form }]) => {
    const matches = variantForms
      .map((name) => form.pattern.exec(name)?.groups)
      .filter((groups) => groups !== undefined);
    const options = Object.keys(matches[0] ?? {});
    expect(options.length).toBeGreaterThan(0);
    expect(options.filter((option) => matches.every((groups) => groups[option] === undefined))).toEqual([]);
  },
);

test('forms with every option, and every two passes, read back as they were written', () => {
  const forms = [...variantForms, ...composedForms];
  expect(forms.length).toBeGreaterThan(240);
  expect(forms.map((name) => variantName(parseVariant(name).steps))).toEqual(forms);
});

test('every percentage from 1 to 99 reads back as it was written', () => {
  for (let percent = 1; percent < 100; percent++) {
    const name = `prune-magnitude-${percent}`;
    expect(variantName(parseVariant(name).steps)).toBe(name);
  }
});

test('an unknown name is refused with the nearest one, and no list of all', () => {
  const error = errorOf('int8-dynamc');
  expect(error.code).toBe('variant-invalid');
  expect(error.message).toContain('Unknown variant "int8-dynamc". Did you mean "int8-dynamic"');
  expect(error.hint).toBeUndefined();
});

test('a name that is near none is refused with the accepted forms', () => {
  const error = errorOf('smaller-please');
  expect(error.message).not.toContain('Did you mean');
  expect(error.hint).toContain('A variant is fp32, or one or more of these joined by "+": ');
  expect(error.hint).toContain(', int8-dynamic[-per-tensor][-reduce-range], ');
});

test('an unknown part is named within its variant', () => {
  expect(errorOf('prune-magnitude-50+int9').message).toContain(
    'Unknown part "int9" of variant "prune-magnitude-50+int9".',
  );
});

test.for([
  ['int8-dynamic+fp32', 'int8-dynamic'],
  ['fp32+prune-magnitude-50+int8-dynamic', 'prune-magnitude-50+int8-dynamic'],
  ['fp32+fp32', 'fp32'],
])('%s is refused, as fp32 stands alone, and %s is suggested', ([name = '', meant]) => {
  expect(errorOf(name).message).toBe(
    `Variant "${name}" has fp32 as a part: that is the model without passes, which stands alone. Did you mean "${meant}"?`,
  );
});

test('fp32 is suggested as a whole variant, never as a part of one', () => {
  expect(errorOf('fp-32').message).toContain('"fp32"');
  expect(errorOf('int8-dynamic+fp-32').message).not.toContain('"fp32"');
});

test.for([
  '',
  '+',
  'FP32',
  'prune-magnitude',
  'prune-magnitude-0',
  'prune-magnitude-100',
  'prune-magnitude-050',
  'smooth-quant-auto-alpha-30',
  'smooth-quant-alpha-95',
  'int8-dynamic ',
  'constructor',
])('the name "%s" is refused', (name) => {
  expect(errorOf(name).message).toMatch(/^Unknown (?:variant|part)/u);
});

test.for([
  ['prune-5-of-4', 'variant "prune-5-of-4" keeps 5 of each 4 weights'],
  ['prune-4-of-4', 'variant "prune-4-of-4" keeps 4 of each 4 weights'],
  [
    'prune-40-of-50+fp16',
    'part "prune-40-of-50" of variant "prune-40-of-50+fp16" keeps 40 of each 50 weights',
  ],
])('%s is refused: it keeps too many', ([name = '', what]) => {
  expect(errorOf(name).message).toBe(
    `The ${what}; it must keep fewer than there are, of 32 at most, as in "prune-2-of-4".`,
  );
});

test('pruning after quantizing is refused with the right order', () => {
  expect(errorOf('int8-dynamic+prune-magnitude-50').message).toBe(
    'Variant "int8-dynamic+prune-magnitude-50" prunes after quantizing, which leaves no float weights to prune. Did you mean "prune-magnitude-50+int8-dynamic"?',
  );
});

test('pruning single weights before whole units is refused with the right order', () => {
  expect(errorOf('prune-2-of-4+prune-neurons-50').message).toBe(
    'Variant "prune-2-of-4+prune-neurons-50" has its passes in an order that works less well. Did you mean "prune-neurons-50+prune-2-of-4"?',
  );
});

test('two quantizers in one variant are refused', () => {
  expect(errorOf('int8-dynamic+int4-weights').message).toBe(
    'Variant "int8-dynamic+int4-weights" quantizes by quantize-dynamic and quantize-weights; one is the most, as it leaves no float weights to another.',
  );
});

test('two prunings of single weights in one variant are refused', () => {
  expect(errorOf('prune-wanda-50+prune-2-of-4').message).toBe(
    'Variant "prune-wanda-50+prune-2-of-4" zeroes single weights by prune-scored and prune-n-m; one is the most, as the zeros of one are what another would choose first.',
  );
});

test('nodes are left out by each pass that quantizes or converts, under a name with a hash of them', () => {
  const plan = leavingOut(parseVariant('prune-magnitude-50+int8-static'), [
    '/head/MatMul',
    'a+b',
    '/head/MatMul',
  ]);
  expect(plan.steps).toEqual([
    pruned,
    { ...int8Static, parameters: { ...int8Static.parameters, leftOut: ['/head/MatMul', 'a+b'] } },
  ]);
  expect(plan.name).toMatch(/^prune-magnitude-50\+int8-static-except-nodes-[0-9a-f]{8}$/);
  expect(variantName(plan.steps)).toBe(plan.name);
});

test('the name depends on which nodes are left out and not on their order', () => {
  const name = (nodes: readonly string[]): string => leavingOut(parseVariant('int8-dynamic'), nodes).name;
  expect(name(['b', 'a'])).toBe(name(['a', 'b']));
  expect(new Set([name(['a']), name(['b']), name(['a', 'b']), name(['a, b'])]).size).toBe(4);
  expect(name([])).toBe('int8-dynamic');
});

test('nodes cannot be left out of a variant that neither quantizes nor converts', () => {
  expect(() => leavingOut(parseVariant('prune-magnitude-50'), ['a'])).toThrow(
    'Variant "prune-magnitude-50" neither quantizes nor converts',
  );
});

test('a name that holds only a hash of nodes is refused with that reason', () => {
  const { name } = leavingOut(parseVariant('fp16-except-Softmax'), ['a']);
  expect(name).toMatch(/^fp16-except-Softmax-except-nodes-[0-9a-f]{8}$/);
  expect(errorOf(name).message).toContain('leaves nodes out, of which a name holds a hash only');
  expect(errorOf(name).hint).toContain('as a model of a suite');
});

test('passes of no common format are refused as such in any order, and none is suggested', () => {
  for (const name of ['uint8-storage+int8-dynamic', 'int8-dynamic+uint8-storage']) {
    expect(errorOf(name).message).toContain('is of no format: ');
    expect(errorOf(name).message).not.toContain('Did you mean');
  }
});

test('a pass named twice is refused', () => {
  expect(errorOf('prune-magnitude-50+prune-magnitude-90').message).toBe(
    'Variant "prune-magnitude-50+prune-magnitude-90" has the pass prune-magnitude twice; once is the most.',
  );
});

function errorOf(name: string): AssayError {
  try {
    parseVariant(name);
  } catch (error) {
    if (error instanceof AssayError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}
