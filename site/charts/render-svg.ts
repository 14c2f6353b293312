import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { theme } from './theme.ts';

/**
 * A chart as SVG markup for inlining: one image to a screen reader, named by `label`, scaled by the page. Colours stay the
 * page's variables. Throws for a spec Vega-Lite would warn about.
 */
export async function renderSvg(chart: TopLevelSpec, label: string): Promise<string> {
  const { spec } = compile(chart, { config: theme, logger: refusingLogger });
  const view = new View(parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return withRoleAndLabel(compact(svg), label);
}

/** A warning at build means a chart that shows less than it was asked to. */
const refusingLogger = {
  level: () => refusingLogger,
  error: refuse,
  warn: refuse,
  info: () => refusingLogger,
  debug: () => refusingLogger,
};

function refuse(...messages: readonly unknown[]): never {
  throw new Error(`internal: Vega-Lite warns: ${messages.join(' ')}`);
}

/** Drops what neither shows nor tells anything: empty frames, roles within an image, hundredths of a pixel. */
function compact(svg: string): string {
  return svg
    .replaceAll(/<path class="(?:background|foreground)"[^>]*\/>/g, '')
    .replaceAll(/<[^>]+>/g, (tag) => tag.replaceAll(attributeNoise, '').replaceAll(/(\.\d)\d+/g, '$1'));
}

const attributeNoise =
  / (?:role|aria-\w+|class|pointer-events|xmlns:xlink|version|stroke-miterlimit)="[^"]*"/g;

function withRoleAndLabel(svg: string, label: string): string {
  return svg.replace('<svg', `<svg role="img" aria-label="${escapeAttribute(label)}"`);
}

function escapeAttribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
