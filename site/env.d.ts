/// <reference types="astro/client" />

interface ImportMetaEnv {
  /** Absolute path of the results folder the pages are built from. */
  readonly ASSAY_RESULTS_DIR: string;
}
