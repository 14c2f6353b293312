/** A process that builds the site once, in the folder it is told, and ends. */
import path from 'node:path';
import { build } from 'astro';
import { siteConfig, type SiteOptions } from './config.ts';

/** Everything Astro writes stays below `workDir`; the site is its `out`. */
export interface AstroRequest extends SiteOptions {
  workDir: string;
}

process.once('message', (request: AstroRequest) => {
  void buildIn(request);
});

async function buildIn(request: AstroRequest): Promise<void> {
  const { vite = {}, ...config } = siteConfig(request);
  await build({
    ...config,
    configFile: false,
    root: request.workDir,
    outDir: path.join(request.workDir, 'out'),
    cacheDir: path.join(request.workDir, 'cache'),
    logLevel: 'error',
    vite: { ...vite, cacheDir: path.join(request.workDir, 'vite') },
  });
  process.disconnect();
}
