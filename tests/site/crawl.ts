import type { BuiltSite } from './built-site.ts';

/** Every address a reader can reach from the index, with the status it answers with. */
export async function crawl(site: BuiltSite): Promise<Map<string, number>> {
  const statuses = new Map<string, number>();
  const waiting = [site.origin];
  for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
    if (statuses.has(address)) continue;
    const response = await fetch(address);
    statuses.set(address, response.status);
    const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
    if (isPage) waiting.push(...linksOf(await response.text(), address));
  }
  return statuses;
}

/** Links and assets of a page, without fragments. */
function linksOf(html: string, address: string): string[] {
  const values = [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, value = '']) =>
    value.replaceAll('&amp;', '&'),
  );
  return values.map((value) => new URL(value, address).href.replace(/#.*/, ''));
}
