import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

export interface StaticServer extends AsyncDisposable {
  /** Of the site's root, with the base and a slash at the end. */
  origin: string;
}

/** Serves a folder below a base as any static host would: an index for each folder, and 404.html for what is not there. */
export async function serveFolder(folder: string, base: string): Promise<StaticServer> {
  const server = createServer((request, response) => {
    void answer(folder, pathBelow(base, request.url ?? '/')).then(({ status, type, body }) => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}${base}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Null outside the base. */
function pathBelow(base: string, url: string): string | null {
  const { pathname } = new URL(url, 'http://localhost');
  return pathname.startsWith(base) ? decodeURIComponent(pathname.slice(base.length)) : null;
}

async function answer(
  folder: string,
  below: string | null,
): Promise<{ status: number; type: string; body: Buffer }> {
  const name = below === null || !/(?:^|\/)$/.test(below) ? below : `${below}index.html`;
  try {
    const body = await readFile(path.join(folder, name ?? '404.html'));
    const type = types[path.extname(name ?? '.html')] ?? 'application/octet-stream';
    return { status: name === null ? 404 : 200, type, body };
  } catch {
    return {
      status: 404,
      type: 'text/html; charset=utf-8',
      body: await readFile(path.join(folder, '404.html')),
    };
  }
}
