import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { schemaCommand } from '../../cli/commands/schema.ts';
import { packageRoot } from '../../core/package-root.ts';

test('the shipped JSON Schema of a suite is the one `assay schema` prints', async () => {
  const shipped = await readFile(path.join(packageRoot, 'suites/suite.schema.json'), 'utf8');
  expect(JSON.parse(shipped)).toEqual(JSON.parse((await schemaCommand()).text));
});

test('it requires what has no default and forbids what is unknown', async () => {
  const schema = JSON.parse((await schemaCommand()).text) as {
    required: string[];
    additionalProperties: boolean;
  };
  expect(schema.required.sort()).toEqual([
    'dataset',
    'id',
    'metrics',
    'models',
    'policy',
    'targets',
    'task',
    'title',
    'variants',
  ]);
  expect(schema.additionalProperties).toBe(false);
});
