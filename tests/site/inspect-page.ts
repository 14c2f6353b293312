import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** What was seen of one page, loaded once. */
export interface Inspection {
  address: string;
  /** What axe finds in light, and of its contrast in dark; null where every element is in a place that axe has seen. */
  violations: { light: readonly string[]; dark: readonly string[] } | null;
  /** Width of the content on a phone of 390 px. */
  phoneWidthPx: number;
  /** Elements and attributes that could run or load something. */
  active: readonly string[];
  /** Headings of sections that hold nothing else. */
  bareHeadings: readonly string[];
}

/** Visits each page and looks at it in both colour schemes and on a phone. */
export async function inspectPages(page: Page, addresses: readonly string[]): Promise<Inspection[]> {
  const inspections: Inspection[] = [];
  const seen = new Set<string>();
  for (const address of addresses) inspections.push(await inspectPage(page, address, seen));
  return inspections;
}

/** Axe takes seconds for a page: it looks at those that hold what is in no page before. */
async function inspectPage(page: Page, address: string, seen: Set<string>): Promise<Inspection> {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(address);
  const unseen = (await page.evaluate(findPlaces)).filter((place) => !seen.has(place));
  for (const place of unseen) seen.add(place);
  const violations = unseen.length === 0 ? null : await lookInBothSchemes(page);
  const active = await page.evaluate(findActive);
  const bareHeadings = await page.evaluate(findBareHeadings);
  await page.setViewportSize({ width: 390, height: 844 });
  const phoneWidthPx = await page.evaluate(() => document.documentElement.scrollWidth);
  return { address, violations, phoneWidthPx, active, bareHeadings };
}

async function lookInBothSchemes(page: Page): Promise<NonNullable<Inspection['violations']>> {
  const light = await violationsOf(axeOn(page));
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await violationsOf(axeOn(page).withRules(['color-contrast']));
  return { light, dark };
}

/** Legacy mode spares a second page for each run; it only matters for frames, and there are none. */
function axeOn(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
}

async function violationsOf(builder: AxeBuilder): Promise<string[]> {
  const { violations } = await builder.analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Runs in the page: each element with those around it, by tag, class and names of attributes. */
function findPlaces(): string[] {
  const describe = (element: Element): string =>
    `${element.tagName}.${element.getAttribute('class') ?? ''}[${element.getAttributeNames().sort().join()}]`;
  const placeOf = (element: Element | null): string =>
    element === null ? '' : `${placeOf(element.parentElement)} > ${describe(element)}`;
  return [...new Set([...document.querySelectorAll('*')].map(placeOf))];
}

/** Runs in the page. */
function findActive(): string[] {
  const elements = [...document.querySelectorAll('script, iframe, img, object, embed, form, [style]')];
  const handlers = [...document.querySelectorAll('*')].filter((element) =>
    element.getAttributeNames().some((name) => name.startsWith('on')),
  );
  const links = [...document.querySelectorAll('a, link')].filter((element) =>
    /^(?!https?:)[a-z]+:/i.test((element as HTMLAnchorElement).href),
  );
  return [...elements, ...handlers, ...links].map(({ outerHTML }) => outerHTML);
}

/** Runs in the page. */
function findBareHeadings(): string[] {
  const headings = [...document.querySelectorAll<HTMLElement>('main h2, main h3')];
  return headings
    .filter(({ nextElementSibling }) => nextElementSibling === null)
    .map(({ innerText }) => innerText);
}

/** Opens a page, and tells what it complains of while `visit` looks at it. */
export async function complaintsOf(
  browser: Browser,
  options: BrowserContextOptions,
  visit: (page: Page) => Promise<void>,
): Promise<string[]> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${page.url()} ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`${page.url()} ${error.message}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // The icon is loaded last; a page that is left before gives it up.
    if (why !== 'net::ERR_ABORTED') complaints.push(`${page.url()} failed to load ${request.url()}: ${why}`);
  });
  page.on('dialog', (dialog) => {
    complaints.push(`${page.url()} opened ${dialog.message()}`);
    void dialog.dismiss();
  });
  await visit(page);
  await context.close();
  return complaints;
}
