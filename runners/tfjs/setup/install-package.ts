import { version_core } from '@tensorflow/tfjs-core';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AssayError } from '../../../core/errors.ts';
import { reasonIn, runStep, type SetupContext } from './run-step.ts';
import type { TensorflowPackage } from './setup-folder.ts';

/** Puts the package and the headers of Node's binary interface into the folder, without what packages run when they are installed. */
export async function installPackage(name: TensorflowPackage, context: SetupContext): Promise<void> {
  const dependencies = { [`@tensorflow/${name}`]: version_core, 'node-api-headers': '^1.9.0' };
  const manifest = { private: true, dependencies };
  await writeFile(path.join(context.folder, 'package.json'), JSON.stringify(manifest));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  context.report(`installing @tensorflow/${name} ${version_core} with npm`);
  const end = await runStep(['npm', 'install', '--prefix', context.folder, ...flags], context);
  if (end.status === 'done') return;
  if (end.status === 'missing')
    throw new AssayError('target-unavailable', 'npm was not found; it comes with Node.', {
      hint: 'npm --version',
    });
  throw new AssayError(
    'target-unavailable',
    `npm did not install @tensorflow/${name}: ${reasonIn(end.said, 'the npm registry')}.`,
    {
      hint: 'npm ping, then the same command again',
    },
  );
}
