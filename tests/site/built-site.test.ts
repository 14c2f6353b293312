import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeSampleRun } from '../fakes/stored-runs.ts';
import { writeScenarioRun } from '../fakes/stored-scenarios.ts';
import { buildAndServe, pageAddresses, type BuiltSite } from './built-site.ts';
import { crawl } from './crawl.ts';
import { findBrowser } from './find-browser.ts';
import { writeHostileRun } from './hostile-run.ts';
import { complaintsOf, inspectPages, type Inspection } from './inspect-page.ts';

let sites: { sample: BuiltSite; hostile: BuiltSite; deep: BuiltSite };
let browser: Browser;
let inspections: Inspection[];
let complaints: string[];

beforeAll(async () => {
  const program = findBrowser();
  const [sample, hostile, deep] = await Promise.all([
    buildAndServe('/', async (folder) => {
      await writeSampleRun(folder, {}, ['handwritten-digits', 'tumour-diagnosis']);
      await writeScenarioRun(folder);
      await writeFile(path.join(folder, 'runs/scenarios/records/half.json'), '{');
    }),
    buildAndServe('/x/', writeHostileRun),
    buildAndServe('/x/y/', (folder) => writeSampleRun(folder, { form: 'quick' }, ['grammar'])),
  ]);
  sites = { sample, hostile, deep };
  browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] });
  const addresses = [...pageAddresses(sample), ...pageAddresses(hostile), deep.origin];
  complaints = await complaintsOf(browser, {}, async (page) => {
    inspections = await inspectPages(page, addresses);
  });
}, 240_000);

afterAll(async () => {
  await browser.close();
  await Promise.all(Object.values(sites).map((site) => site[Symbol.asyncDispose]()));
});

test.each(['sample', 'hostile', 'deep'] as const)(
  'every link and asset of the %s site resolves, below its base',
  async (name) => {
    const site = sites[name];
    const statuses = await crawl(site);
    const unreached = pageAddresses(site).filter((address) => !statuses.has(address));
    expect([...statuses].filter(([, status]) => status !== 200)).toEqual([]);
    expect([...statuses.keys()].filter((address) => !address.startsWith(site.origin))).toEqual([]);
    expect(unreached).toEqual([`${site.origin}404.html`]);
  },
);

test('a damaged record is left out, and the page of runs says so', async () => {
  const page = await sites.sample.read('runs/index.html');
  expect(page).toMatch(/⚠ [\w-]+\/records\/half\.json is damaged and left out of this report\./);
});

test.each(['light', 'dark'] as const)(
  'axe finds nothing in %s on any page that has a place of its own',
  (scheme) => {
    const looked = inspections.filter(({ violations }) => violations !== null);
    const found = looked.filter(({ violations }) => violations?.[scheme].length !== 0);
    expect(found.map(({ address, violations }) => [address, violations?.[scheme]])).toEqual([]);
    for (const kind of ['/404.html', '/suites/', '/runs/', '/method/', '-cell', '-group', '-scenario'])
      expect(looked.filter(({ address }) => address.includes(kind))).not.toEqual([]);
  },
);

test('no page complains, nor breaks its own policy', () => {
  expect(complaints).toEqual([]);
});

test('no page is wider than a phone of 390 px', () => {
  expect(inspections.filter(({ phoneWidthPx }) => phoneWidthPx > 390)).toEqual([]);
});

test('no page holds anything that runs, not even where records try', () => {
  expect(inspections.filter(({ active }) => active.length > 0)).toEqual([]);
  for (const { files } of Object.values(sites)) {
    expect(files.filter((file) => /\.m?js$/.test(file))).toEqual([]);
  }
});

test('no heading stands above nothing', () => {
  expect(inspections.filter(({ bareHeadings }) => bareHeadings.length > 0)).toEqual([]);
});

test('no word runs into a link', async () => {
  for (const file of sites.sample.files.filter((name) => name.endsWith('.html')))
    expect((await sites.sample.read(file)).match(/\w+<a |<\/a>\w+/g), file).toBeNull();
});

test('every page forbids scripts, and all that it does not need', async () => {
  for (const site of Object.values(sites)) {
    for (const file of site.files.filter((name) => name.endsWith('.html'))) {
      expect(await site.read(file), file).toMatch(
        /content="default-src 'none'; style-src 'sha256-[\w+/]{43}='; img-src 'self' data:; base-uri 'none'; form-action 'none'"/,
      );
    }
  }
});

test('the answer, the key figures, a chart and the first row of the table are on the first screen', async () => {
  await complaintsOf(browser, { viewport: { width: 1280, height: 900 } }, async (page) => {
    await page.goto(sites.sample.origin);
    for (const selector of ['h1', '.key-figures', '.chart svg', '.comparison tbody tr']) {
      const box = await page.locator(selector).first().boundingBox();
      expect(box === null ? Infinity : box.y + box.height, selector).toBeLessThan(900);
    }
  });
});

test('the report is whole with JavaScript off', async () => {
  await complaintsOf(browser, { javaScriptEnabled: false }, async (page) => {
    await page.goto(sites.sample.origin);
    expect(await page.locator('h1').innerText()).toContain('int8-dynamic runs digits-cnn');
    expect(await page.locator('.chart svg').count()).toBe(2);
    expect(await page.locator('.comparison').count()).toBe(2);
    await page.getByText('Figures of this chart').first().click();
    expect(await page.locator('.chart table').first().isVisible()).toBe(true);
  });
});

test('nothing moves while the index loads', async () => {
  await complaintsOf(browser, {}, async (page) => {
    await page.goto(sites.sample.origin);
    const shifts = await page.evaluate(async () => {
      const entries: PerformanceEntry[] = [];
      const observer = new PerformanceObserver((list) => entries.push(...list.getEntries()));
      observer.observe({ type: 'layout-shift', buffered: true });
      for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
      return entries.length;
    });
    expect(shifts).toBe(0);
  });
});

test('hostile text is shown as text', async () => {
  await complaintsOf(browser, {}, async (page) => {
    await page.goto(sites.hostile.origin);
    expect(await page.locator('main').innerText()).toContain('<script>alert(1)</script>');
    expect(await page.title()).toBe('Assay: what optimising costs, and what it buys');
  });
});

test('the index weighs at most 60 kB compressed', async () => {
  const bytes = await readFile(path.join(sites.sample.folder, 'index.html'));
  expect(gzipSync(bytes).byteLength).toBeLessThan(60_000);
});

test('every record can be downloaded as it was stored', async () => {
  const site = sites.sample;
  const data = site.files.filter((file) => /^data.*-(?:cell|group|scenario)\.json$/.test(file));
  const records = await Promise.all(
    data.map(async (file) => JSON.parse(await site.read(file)) as { id: string }),
  );
  expect(data).toHaveLength(31);
  expect(new Set(records.map(({ id }) => id)).size).toBe(31);
});

test('skipped and failed variants keep their rows, with the reason', async () => {
  const html = await sites.sample.read('index.html');
  expect(html).toContain('no WebGPU adapter was found on this machine');
  expect(html).toContain('the process ended with SIGSEGV while loading the model');
  expect(html).toContain('control failed: timings not to be relied on');
});
