import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { expect, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';

/** The house's own configuration, less the rules that need types: a planted file is in no project. */
const eslint = new ESLint({
  cwd: packageRoot,
  overrideConfig: [
    { languageOptions: { parserOptions: { projectService: false } } },
    tseslint.configs.disableTypeChecked,
  ] as ESLint.Options['overrideConfig'] & object,
});

async function messagesFor(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: `${packageRoot}/${file}` });
  return (result?.messages ?? [])
    .map(({ message }) => message)
    .filter((message) => message.includes('may import only'));
}

test.each([
  ['core/planted.ts', '../results/schema.ts'],
  ['datasets/planted.ts', '../tasks/task.ts'],
  ['tasks/planted.ts', '../datasets/load.ts'],
  ['tasks/metrics/planted.ts', '../../models/build.ts'],
  ['models/onnx/planted.ts', '../../runners/runner.ts'],
  ['results/planted.ts', '../suites/schema.ts'],
  ['suites/planted.ts', '../runners/runner.ts'],
  ['runners/timing/planted.ts', '../../cli/app.ts'],
  ['runners/planted.ts', '../site/views/format.ts'],
  ['site/views/planted.ts', '../../runners/runner.ts'],
  ['site/pages/planted.astro', '../../suites/load.ts'],
])('%s may not import %s', async (file, forbidden) => {
  const statement = `import { thing } from '${forbidden}';`;
  const isAstro = file.endsWith('.astro');
  const messages = await messagesFor(
    file,
    isAstro ? `---\n${statement}\n---\n<p>{thing}</p>\n` : `${statement}\nthing();\n`,
  );
  expect(messages).toHaveLength(1);
});

test('a forbidden folder cannot be reached by import() either', async () => {
  expect(await messagesFor('results/planted.ts', `await import('../runners/runner.ts');\n`)).toHaveLength(1);
});

test.each([
  ['results/planted.ts', '../core/hash.ts'],
  ['suites/planted.ts', '../results/policy.ts'],
  ['runners/timing/planted.ts', '../../suites/target.ts'],
  ['site/charts/planted.ts', '../../results/schema.ts'],
  ['cli/commands/planted.ts', '../../runners/runner.ts'],
  ['tasks/metrics/planted.ts', './registry.ts'],
])('%s may import %s', async (file, allowed) => {
  expect(await messagesFor(file, `import { thing } from '${allowed}';\nthing();\n`)).toEqual([]);
});
