import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** What was seen of one page, loaded once. */
export interface Inspection {
  address: string;
  /** What axe finds in light, and of its contrast in dark. */
  violations: { light: readonly string[]; dark: readonly string[] };
  /** Width of the content on a phone of 390 px. */
  phoneWidthPx: number;
  /** Elements and attributes that could run or load something. */
  active: readonly string[];
}

/** Visits each page and looks at it in both colour schemes and on a phone. */
export async function inspectPages(page: Page, addresses: readonly string[]): Promise<Inspection[]> {
  const inspections: Inspection[] = [];
  for (const address of addresses) inspections.push(await inspectPage(page, address));
  return inspections;
}

async function inspectPage(page: Page, address: string): Promise<Inspection> {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(address);
  const light = await violationsOf(new AxeBuilder({ page }));
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await violationsOf(new AxeBuilder({ page }).withRules(['color-contrast']));
  const active = await page.evaluate(findActive);
  await page.setViewportSize({ width: 390, height: 844 });
  const phoneWidthPx = await page.evaluate(() => document.documentElement.scrollWidth);
  return { address, violations: { light, dark }, phoneWidthPx, active };
}

/** Legacy mode spares a second page for each run; it only matters for frames, and there are none. */
async function violationsOf(builder: AxeBuilder): Promise<string[]> {
  const { violations } = await builder.setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
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
  page.on('requestfailed', (request) => complaints.push(`${page.url()} failed to load ${request.url()}`));
  page.on('dialog', (dialog) => {
    complaints.push(`${page.url()} opened ${dialog.message()}`);
    void dialog.dismiss();
  });
  await visit(page);
  await context.close();
  return complaints;
}
