import type { Config } from 'vega-lite';
import { markNames, marks } from '../views/marks.ts';

/** Font and colours of every chart are the page's: variables, so that one SVG serves light and dark. */
export const theme: Config = {
  background: 'transparent',
  autosize: 'none',
  font: 'inherit',
  aria: false,
  view: { stroke: null },
  axis: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelColor: 'var(--muted)',
    titleColor: 'var(--muted)',
    domainColor: 'var(--line-strong)',
    tickColor: 'var(--line-strong)',
    gridColor: 'var(--line)',
    labelLimit: 150,
    titleLimit: 400,
    aria: false,
  },
  axisY: { titleAngle: 0, titleAlign: 'left', titleAnchor: 'end', titleBaseline: 'bottom', titleY: -10 },
  legend: { disable: true },
};

const seriesColours = 6;

/** Which of the page's colours, from 1, a target has by its place in the list of all targets. */
export function seriesNumber(index: number): number {
  return (index % seriesColours) + 1;
}

export function seriesColour(index: number): string {
  return `var(--series-${seriesNumber(index)})`;
}

export const markShapes = {
  domain: [...markNames],
  range: markNames.map((mark) => marks[mark].shape),
};

/** The page's colour for each mark. */
export const markColours = {
  domain: [...markNames],
  range: markNames.map((mark) => `var(--mark-${mark.replace(' ', '-')})`),
};
