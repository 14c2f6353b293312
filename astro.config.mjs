import path from 'node:path';
import { defineConfig } from 'astro/config';
import { siteConfig } from './site/config.ts';

// For `astro check` and `astro dev`; a report is built by `site/build.ts`, which gives its own folders.
export default defineConfig(
  siteConfig({ resultsDirs: [path.resolve('assay-results')], base: '/', siteUrl: null }),
);
