import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AssayError, messageOf } from '../core/errors.ts';
import { hashOf } from '../core/hash.ts';
import { packageRoot } from '../core/package-root.ts';
import { jsonOf, parseWith } from '../core/parse.ts';
import { suggest } from '../core/suggest.ts';
import { shellWord } from '../core/shell-word.ts';
import { checkReferences } from './check-references.ts';
import { suiteSchema, type Suite } from './schema.ts';

const catalogDir = path.join(packageRoot, 'suites/catalog');
const suitePattern = /\.suite\.(?:json|ya?ml|ts|js|mjs)$/;
const maxSuiteBytes = 1_000_000;

/** A suite file and what it says. */
export interface LoadedSuite {
  file: string;
  /** As written, before defaults. */
  given: unknown;
  suite: Suite;
  /** The same with its paths as written, fit to be published. */
  portable: Suite;
  /** Of the resolved suite: its identity. */
  hash: string;
}

/** Paths of the built-in suites, sorted. */
export async function listBuiltInSuites(): Promise<string[]> {
  const files = (await readdir(catalogDir)).filter((file) => suitePattern.test(file));
  return files.sort().map((file) => path.join(catalogDir, file));
}

/** Loads the named suites, or all built-in ones where none is named. A name is a built-in id or a path. */
export async function loadSuites(names: readonly string[]): Promise<LoadedSuite[]> {
  const files = names.length === 0 ? await listBuiltInSuites() : await Promise.all(names.map(findSuiteFile));
  const suites = await Promise.all(files.map(loadSuiteFile));
  refuseDuplicates(suites);
  return suites;
}

/** Reads, validates and resolves one suite file. */
export async function loadSuiteFile(file: string): Promise<LoadedSuite> {
  const given = await readSuite(file);
  const parsed = parseWith(suiteSchema, given, {
    what: 'suite',
    where: file,
    code: 'suite-invalid',
    hint: 'assay schema prints the JSON Schema of a suite',
  });
  const suite = { ...parsed, metrics: checkReferences(parsed, file) };
  const resolved = resolvePaths(suite, path.dirname(file));
  return { file, given, suite: resolved, portable: suite, hash: hashOf(suite) };
}

async function findSuiteFile(name: string): Promise<string> {
  if (suitePattern.test(name)) {
    if (existsSync(name)) return path.resolve(name);
    throw new AssayError('not-found', `There is no suite file ${name}.`, { hint: 'assay list' });
  }
  const builtIn = await listBuiltInSuites();
  const ids = builtIn.map((file) => path.basename(file).replace(suitePattern, ''));
  const found = builtIn[ids.indexOf(name)];
  if (found !== undefined) return found;
  const message = `Unknown suite "${name}". ${suggest(name, ids)} A path must end in .suite.json, .suite.yaml or .suite.ts.`;
  throw new AssayError('not-found', message, { hint: 'assay list' });
}

async function readSuite(file: string): Promise<unknown> {
  await refuseOversize(file);
  try {
    if (/\.[mt]?[jt]s$/.test(file)) return await importSuite(file);
    const text = await readFile(file, 'utf8');
    return file.endsWith('.json') ? jsonOf(text) : await parseYaml(text);
  } catch (cause) {
    const message = `Cannot read suite ${file}: ${messageOf(cause)}`;
    throw new AssayError('suite-invalid', message, {
      hint: `correct it, then assay validate ${shellWord(file)}`,
      cause,
    });
  }
}

/** Few suites are in YAML, and its parser is a tenth of what a command loads. */
async function parseYaml(text: string): Promise<unknown> {
  return (await import('yaml')).parse(text);
}

async function refuseOversize(file: string): Promise<void> {
  const { size } = await stat(file);
  if (size > maxSuiteBytes) {
    throw new AssayError(
      'suite-invalid',
      `Suite ${file} has ${size} bytes; at most ${maxSuiteBytes} are accepted.`,
    );
  }
}

async function importSuite(file: string): Promise<unknown> {
  const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
  if (module.default === undefined)
    throw new Error('it has no default export; write `export default defineSuite({…})`.');
  return module.default;
}

function refuseDuplicates(suites: readonly LoadedSuite[]): void {
  const seen = new Map<string, string>();
  for (const { suite, file } of suites) {
    const other = seen.get(suite.id);
    if (other !== undefined) {
      throw new AssayError('suite-invalid', `Suite id "${suite.id}" is used twice: ${other} and ${file}.`);
    }
    seen.set(suite.id, file);
  }
}

function resolvePaths(suite: Suite, folder: string): Suite {
  const resolve = (reference: string): string =>
    /[./\\]/.test(reference) ? path.resolve(folder, reference) : reference;
  return { ...suite, dataset: resolve(suite.dataset), models: suite.models.map(resolve) };
}
