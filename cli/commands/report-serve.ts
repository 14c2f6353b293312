import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { AssayError, exitCodes } from '../../core/errors.ts';
import { abortOnInterrupt } from '../abort-on-interrupt.ts';
import type { CommandResult } from '../command.ts';
import type { ReportFlags } from './report.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export type ServeFlags = Omit<ReportFlags, 'results'> & { port: number };

/** `assay report serve`: the built site, for this machine alone, until Ctrl-C. */
export async function reportServeCommand(flags: ServeFlags): Promise<CommandResult> {
  const folder = path.resolve(flags.out);
  if (!existsSync(path.join(folder, 'index.html'))) {
    throw new AssayError('not-found', `There is no report in ${folder}.`, { hint: 'assay report build' });
  }
  const base = `/${flags.base.replace(/^\/+|\/+$/g, '')}/`.replace('//', '/');
  const server = createServer((request, response) => void answer({ folder, base }, request, response));
  server.listen(flags.port, '127.0.0.1');
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => refuse(error as Error, flags.port)),
  ]);
  const { port } = server.address() as AddressInfo;
  process.stderr.write(`Serving ${folder} on http://127.0.0.1:${port}${base} until Ctrl-C.\n`);
  await once(abortOnInterrupt(), 'abort');
  server.close();
  server.closeAllConnections();
  return { exitCode: exitCodes.pass, data: null, text: '' };
}

function refuse(cause: Error, port: number): never {
  const message = `Cannot listen on port ${port}: ${cause.message}.`;
  throw new AssayError('usage-invalid', message, {
    hint: 'assay report serve --port 0 takes a free one',
    cause,
  });
}

async function answer(
  { folder, base }: { folder: string; base: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const file = fileOf(folder, base, request.url ?? '/');
  const found = file === null ? null : await readFile(file).catch(() => null);
  const content = found ?? (await readFile(path.join(folder, '404.html')).catch(() => 'Not found'));
  const type = found === null ? '.html' : path.extname(file ?? '');
  response.writeHead(found === null ? 404 : 200, {
    'content-type': contentTypes[type] ?? 'application/octet-stream',
  });
  response.end(content);
}

/** The file of a request path, or null where it leaves the folder or the base. */
function fileOf(folder: string, base: string, url: string): string | null {
  const pathname = decodePath(url);
  if (pathname === null || !`${pathname}/`.startsWith(base)) return null;
  const file = path.join(folder, pathname.slice(base.length));
  if (file !== folder && !file.startsWith(folder + path.sep) && file !== `${folder}${path.sep}`) return null;
  return path.extname(file) === '' ? path.join(file, 'index.html') : file;
}

function decodePath(url: string): string | null {
  try {
    return decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return null;
  }
}
