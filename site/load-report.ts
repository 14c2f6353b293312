import { readRuns } from '../results/read-runs.ts';
import { makeReport, type Report } from './views/report.ts';

let loading: Promise<Report> | undefined;

/** The report of the results folder this build is for; read once for all pages. */
export function loadReport(): Promise<Report> {
  loading ??= readRuns(import.meta.env.ASSAY_RESULTS_DIR).then(makeReport);
  return loading;
}
