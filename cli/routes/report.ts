import { buildCommand, buildRouteMap } from '@stricli/core';
import type { ServeFlags } from '../commands/report-serve.ts';
import type { ReportFlags } from '../commands/report.ts';
import { lazyCommand, type CliContext } from '../lazy-command.ts';
import { folder } from './folder.ts';
import { common, results } from './parameters.ts';
import { wholeNumber } from './whole-number.ts';

const site = {
  ...common,
  out: {
    kind: 'parsed',
    parse: folder,
    brief: 'Folder of the site',
    default: 'assay-report',
    placeholder: 'folder',
  },
  base: {
    kind: 'parsed',
    parse: String,
    brief: 'Path the site is served under',
    default: '/',
    placeholder: 'path',
  },
} as const;

const severalResults = {
  ...results,
  brief: 'Folder of the records; further ones hold what other machines measured',
  variadic: true,
  default: [results.default],
} as const;

export const reportRoutes = buildRouteMap({
  routes: {
    build: buildCommand<ReportFlags, [], CliContext>({
      loader: lazyCommand(
        'report build',
        async () => (await import('../commands/report.ts')).reportBuildCommand,
      ),
      parameters: { flags: { ...site, results: severalResults } },
      docs: { brief: 'Build the static site from the records' },
    }),
    serve: buildCommand<ServeFlags, [], CliContext>({
      loader: lazyCommand(
        'report serve',
        async () => (await import('../commands/report-serve.ts')).reportServeCommand,
      ),
      parameters: {
        flags: {
          ...site,
          port: {
            kind: 'parsed',
            parse: wholeNumber({ least: 0, most: 65_535 }),
            brief: 'Port on this machine',
            default: '4321',
            placeholder: 'n',
          },
        },
      },
      docs: { brief: 'Serve the built site on this machine' },
    }),
  },
  docs: { brief: 'Build or serve the report site' },
});
