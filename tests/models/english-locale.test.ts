import { expect, test } from 'vitest';
import { buildGraph } from '../../models/onnx/builder.ts';
import { lacksLocale, withPlainLocale } from '../../models/onnx/english-locale.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';
import { openFile } from '../../models/onnx/open-file.ts';
import { toOrtValues } from '../../models/onnx/ort-values.ts';
import { fileOf } from './uncarried-models.ts';

/** Lower-cases `x`, in a locale where one is given. */
function lowering(locale?: string): OnnxModel {
  const graph = buildGraph('words');
  const x = graph.input('x', { type: 'string', shape: ['words'] });
  const attributes = {
    case_change_action: { string: 'LOWER' },
    ...(locale === undefined ? {} : { locale: { string: locale } }),
  };
  graph.node('StringNormalizer', [x], { attributes, outputs: ['y'] });
  graph.output('y', { type: 'string', shape: ['words'] });
  return graph.model();
}

async function lowered(model: OnnxModel, ...words: string[]): Promise<unknown> {
  const session = await openFile(await fileOf(model), {});
  const x = { type: 'string', shape: [words.length], data: words } as const;
  const { y } = session.run(toOrtValues(session.inputs, { x }));
  session.close();
  return y?.data;
}

test.each([undefined, 'en_US.UTF-8', 'en_US'])(
  'words are lower-cased whether the system has the locale %s or not, as it changes them',
  async (locale) => {
    expect(await lowered(lowering(locale), 'ÄRGER', 'ΣΊΣΥΦΟΣ', 'Жук', 'I')).toEqual([
      'ärger',
      'σίσυφοσ',
      'жук',
      'i',
    ]);
  },
);

test('another locale is left as it is, and what lacks is told', async () => {
  const model = lowering('xx_XX.UTF-8');
  expect(withPlainLocale(model)).toBe(model);
  const failed = await lowered(model, 'I').catch((thrown: unknown) => thrown);
  expect(lacksLocale(failed)).toBe(true);
});
