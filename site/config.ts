import path from 'node:path';
import type { AstroInlineConfig } from 'astro';
import { packageRoot } from '../core/package-root.ts';

/** What differs from build to build; every path is absolute. */
export interface SiteOptions {
  resultsDirs: readonly string[];
  /** Where the site will be served, with a slash at both ends, e.g. `/reports/`. */
  base: string;
  siteUrl: string | null;
}

/** What Astro is told of the site, whether `astro check` or a build asks. */
export function siteConfig({ resultsDirs, base, siteUrl }: SiteOptions): AstroInlineConfig {
  return {
    srcDir: path.join(packageRoot, 'site'),
    publicDir: path.join(packageRoot, 'site', 'public'),
    base,
    ...(siteUrl === null ? {} : { site: siteUrl }),
    output: 'static',
    trailingSlash: 'always',
    build: { format: 'directory' },
    devToolbar: { enabled: false },
    vite: { define: { assaySite: JSON.stringify({ resultsDirs, base }) } },
  };
}
