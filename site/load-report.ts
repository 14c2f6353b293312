import { readFolders } from './read-folders.ts';
import { makeReport, type Report } from './views/report.ts';

let loading: Promise<Report> | undefined;

/** The report of the results folder this build is for; read once for all pages. */
export function loadReport(): Promise<Report> {
  loading ??= readFolders(assaySite.resultsDirs).then(({ runs, unreadable }) => makeReport(runs, unreadable));
  return loading;
}
