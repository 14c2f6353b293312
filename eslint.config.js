import astro from 'eslint-plugin-astro';
import tseslint from 'typescript-eslint';

/** The house rules of docs/architecture.md: what each folder may import, itself aside. */
const mayImport = {
  core: [],
  datasets: ['core'],
  tasks: ['core'],
  models: ['core'],
  results: ['core'],
  suites: ['core', 'datasets', 'tasks', 'models', 'results'],
  runners: ['core', 'datasets', 'tasks', 'models', 'results', 'suites'],
  site: ['core', 'results'],
};
const folders = [...Object.keys(mayImport), 'cli', 'tests', 'bench'];

const boundaries = Object.entries(mayImport).map(([folder, allowed]) => {
  const forbidden = folders.filter((name) => name !== folder && !allowed.includes(name));
  const regex = `^(?:\\.\\.?/)+(?:${forbidden.join('|')})/`;
  const message = `${folder}/ may import only: ${allowed.join(', ') || 'nothing outside itself'}.`;
  return {
    files: [`${folder}/**/*.{ts,astro}`],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ regex, message }] }],
      'no-restricted-syntax': [
        'error',
        { selector: `ImportExpression > Literal[value=/${regex.replaceAll('/', '\\/')}/]`, message },
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
      ],
    },
  };
});

export default tseslint.config(
  {
    ignores: [
      'dist/',
      '.bundles/',
      '.astro/',
      'assay-*/',
      'models/onnx/proto/',
      // Another language, AssemblyScript, which its own compiler checks.
      'tasks/kernels/assembly/',
      'datasets/readers/kernel/assembly/',
      '**/.venv/',
      'tests/golden/',
      '**/*.astro/*.ts',
      '**/*.astro/*.js',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  ...astro.configs.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, extraFileExtensions: ['.astro'] } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      // It would ask for `!`, which strictTypeChecked forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      'max-params': ['error', { max: 3 }],
      'no-console': 'error',
      'no-process-exit': 'off',
    },
  },
  // Kernels index typed arrays inside loops whose bounds they set; a fallback value there would hide a wrong bound.
  {
    files: [
      'core/statistics/**/*.ts',
      'tasks/{compare,metrics}/**/*.ts',
      'models/passes/**/*.ts',
      'models/tfjs/passes/**/*.ts',
    ],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  // for-of over a typed array takes ten times as long in V8, and makes an object of each number until it is compiled.
  {
    files: [
      'core/statistics/**/*.ts',
      'tasks/{compare,metrics}/**/*.ts',
      'models/passes/**/*.ts',
      'models/tfjs/passes/**/*.ts',
    ],
    rules: { '@typescript-eslint/prefer-for-of': 'off' },
  },
  { files: ['**/*.{js,mjs,astro}'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.astro'], rules: { '@typescript-eslint/explicit-module-boundary-types': 'off' } },
  ...boundaries,
);
