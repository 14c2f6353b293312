/// <reference types="astro/client" />

/**
 * What this build is for, put in by `config.ts`. A constant of our own, since Astro lets environment variables such as
 * BASE_URL override `import.meta.env`.
 */
declare const assaySite: {
  /** Absolute paths of the results folders. */
  readonly resultsDirs: readonly string[];
  /** Where the site will be served, with a slash at both ends. */
  readonly base: string;
};
