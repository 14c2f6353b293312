import { buildCommand, buildRouteMap } from '@stricli/core';
import type { SetupTfjsNodeFlags } from '../commands/setup.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { docsOf } from './docs-of.ts';
import { common } from './parameters.ts';

export const setupRoutes = buildRouteMap({
  routes: {
    'tfjs-node': buildCommand<SetupTfjsNodeFlags, [], CliContext>({
      loader: lazyCommand(
        'setup tfjs-node',
        async () => (await import('../commands/setup.ts')).setupTfjsNodeCommand,
      ),
      parameters: {
        flags: {
          ...common,
          gpu: { kind: 'boolean', brief: 'For a GPU of NVIDIA, with the libraries of CUDA', default: false },
        },
      },
      docs: docsOf(
        'Make @tensorflow/tfjs-node work, for the targets tfjs/node and tfjs/node-gpu',
        'Takes the published binary where it can be had, else builds the addon against the libraries of a wheel of TensorFlow, ' +
          'which takes Linux, a C++ compiler and Python with pip. Trains a step and compares it with WebAssembly. ' +
          'All of it goes to a folder of Assay in your cache, which no package manager clears.',
      ),
    }),
  },
  docs: { brief: 'Make an optional runtime work' },
});
