import type { QualityComparison } from '../../results/quality-schema.ts';
import {
  clip,
  decimalsFor,
  decimalsForDifferences,
  decimalsForTimes,
  formatCount,
  formatNumber,
  formatRange,
  formatSigned,
  formatTimes,
} from './format.ts';
import { paths } from './paths.ts';
import type { GroupStanding, Standing } from './standings.ts';

/** A run of text; `isFigure` marks what the sentence is about, `path` leads to where it is shown. */
export interface Phrase {
  text: string;
  isFigure: boolean;
  path: string | null;
}

/** The answer in one sentence, and a second one that says what is not so good. */
export interface Headline {
  answer: readonly Phrase[];
  rest: string;
}

/** A variant together with where it was measured. */
interface Contender {
  group: GroupStanding;
  standing: Standing;
}

/** Answers what the optimisations bought and cost, from verdicts alone; groups whose control failed have no say. */
export function headlineOf(groups: readonly GroupStanding[]): Headline {
  const contenders = groups.flatMap((group) => group.standings.map((standing) => ({ group, standing })));
  const judged = contenders.filter(({ group, standing }) => group.isTrusted && isCompared(standing));
  return { answer: answerOf(contenders, judged), rest: restOf(contenders, judged) };
}

function isCompared({ variant, latency, quality }: Standing): boolean {
  return !variant.isBaseline && (latency !== null || quality !== null);
}

function answerOf(contenders: readonly Contender[], judged: readonly Contender[]): Phrase[] {
  const faster = judged.filter(({ standing }) => standing.latency?.verdict === 'improved').sort(fastestFirst);
  const clean = faster.find(({ standing }) => holds(standing.quality));
  if (clean !== undefined) return [...runsFaster(clean), ...qualityPhrases(clean.standing.quality)];
  const smaller = judged.filter(({ standing }) => isSmaller(standing)).sort(smallestFirst)[0];
  if (smaller !== undefined) return isAsGoodAndSmaller(smaller);
  const [fastest] = faster;
  if (fastest !== undefined) return [...runsFaster(fastest), ...doubtPhrases(fastest.standing.quality)];
  return judged.length > 0
    ? [plain('No variant is decidedly faster than its baseline.')]
    : uncompared(contenders);
}

/** Quality that is shown to hold; an unjudged one is not. */
function holds(quality: QualityComparison | null): boolean {
  return quality?.verdict === 'pass' || quality?.verdict === 'improved';
}

function isSmaller({ quality, latency, sizeRatio }: Standing): boolean {
  return holds(quality) && latency?.verdict === 'pass' && sizeRatio !== null && sizeRatio < 0.9;
}

function fastestFirst(a: Contender, b: Contender): number {
  return (b.standing.speedUp?.value ?? 0) - (a.standing.speedUp?.value ?? 0);
}

function smallestFirst(a: Contender, b: Contender): number {
  return (a.standing.sizeRatio ?? 1) - (b.standing.sizeRatio ?? 1);
}

function runsFaster({ group, standing }: Contender): Phrase[] {
  const { speedUp, variant } = standing;
  if (speedUp === null) return [];
  const decimals = decimalsForTimes([speedUp]);
  const range = speedUp.interval === null ? '' : ` (${formatRange(speedUp.interval, decimals)})`;
  return [
    figure(clip(variant.name, 60)),
    plain(' runs '),
    modelOf(group),
    plain(' '),
    figure(`${formatTimes(speedUp.value, decimals)} as fast`),
    plain(` as ${baselineName(group)}${range} on ${clip(group.target, 60)}`),
  ];
}

function isAsGoodAndSmaller({ group, standing }: Contender): Phrase[] {
  const times = formatTimes(1 / (standing.sizeRatio ?? 1));
  return [
    plain('No variant is both faster and as good; '),
    figure(clip(standing.variant.name, 60)),
    plain(' makes '),
    modelOf(group),
    plain(' '),
    figure(`${times} smaller`),
    plain(` at the same speed on ${clip(group.target, 60)}`),
    ...qualityPhrases(standing.quality),
  ];
}

function qualityPhrases(quality: QualityComparison | null): Phrase[] {
  if (quality === null) return [plain('.')];
  if (quality.difference === 0)
    return [plain(' with '), figure(`no change in ${metricName(quality)}`), plain('.')];
  return [plain(' at '), figure(`${formatDifference(quality)} ${metricName(quality)}`), plain('.')];
}

function doubtPhrases(quality: QualityComparison | null): Phrase[] {
  if (quality === null) return [plain('; its quality was not judged.')];
  const name = metricName(quality);
  if (quality.verdict === 'inconclusive') return [plain(`; whether its ${name} holds is inconclusive.`)];
  return [plain(', but its '), figure(`${name} regressed`), plain(` (${formatDifference(quality)}).`)];
}

/** `−0.003`, with its unit. */
function formatDifference({ difference, interval, unit }: QualityComparison): string {
  const text = formatSigned(difference, decimalsForDifferences([{ value: difference, interval }]));
  return unit === '' ? text : `${text} ${clip(unit, 20)}`;
}

/** A label as it reads within a sentence: `Accuracy` becomes `accuracy`, `RMSE` stays. */
function metricName({ label }: QualityComparison): string {
  const name = clip(label, 60);
  return /^[A-Z][a-z]/.test(name) ? `${name.charAt(0).toLowerCase()}${name.slice(1)}` : name;
}

function modelOf({ chosen: { subject } }: GroupStanding): Phrase {
  return { text: clip(subject.model.id, 60), isFigure: false, path: paths.suite(subject.suite.id) };
}

function baselineName({ standings }: GroupStanding): string {
  return clip(standings.find(({ variant }) => variant.isBaseline)?.variant.name ?? 'its baseline', 60);
}

function uncompared(contenders: readonly Contender[]): Phrase[] {
  const best = contenders.find(({ standing }) => standing.primary?.value != null);
  const { primary = null } = best?.standing ?? {};
  if (best === undefined || primary?.value == null) return [plain('Nothing could be measured.')];
  const decimals = decimalsFor([{ value: primary.value, interval: primary.interval }]);
  const value = `${formatNumber(primary.value, decimals)} ${primary.unit}`.trim();
  const where = ` on ${clip(best.group.target, 60)}; no variant was compared with its baseline.`;
  return [modelOf(best.group), plain(` reaches ${clip(primary.label, 60)} `), figure(value), plain(where)];
}

function restOf(contenders: readonly Contender[], judged: readonly Contender[]): string {
  const verdicts = judged.flatMap(({ standing }) =>
    [standing.quality?.verdict, standing.latency?.verdict].filter((verdict) => verdict !== undefined),
  );
  const regressed = verdicts.filter((verdict) => verdict === 'regressed').length;
  const inconclusive = verdicts.filter((verdict) => verdict === 'inconclusive').length;
  const sentences = [
    verdicts.length === 0 ? '' : regressionSentence(regressed, verdicts.length),
    inconclusive === 0 ? '' : `${inconclusive} ${isOrAre(inconclusive)} inconclusive.`,
    distrustSentence(contenders),
    gapSentence(contenders),
    quickSentence(contenders),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function regressionSentence(regressed: number, comparisons: number): string {
  if (regressed === 0) return `Nothing regressed in ${formatCount(comparisons, 'comparison')}.`;
  return `${regressed} of ${formatCount(comparisons, 'comparison')} regressed.`;
}

function distrustSentence(contenders: readonly Contender[]): string {
  const groups = new Set(contenders.filter(({ group }) => !group.isTrusted).map(({ group }) => group));
  if (groups.size === 0) return '';
  return `${formatCount(groups.size, 'timing')} with a failed control ${isOrAre(groups.size)} not counted.`;
}

function gapSentence(contenders: readonly Contender[]): string {
  const gaps = contenders.map(({ standing }) => standing.gaps.timing ?? standing.gaps.quality);
  const failed = gaps.filter((gap) => gap?.status === 'failed').length;
  const skipped = gaps.filter((gap) => gap?.status === 'skipped').length;
  const parts = [
    failed === 0 ? [] : [`${failed} failed`],
    skipped === 0 ? [] : [`${skipped} ${skipped === 1 ? 'was' : 'were'} skipped`],
  ].flat();
  return parts.length === 0
    ? ''
    : `Of ${formatCount(contenders.length, 'variant')} on their targets, ${parts.join(', ')}.`;
}

function quickSentence(contenders: readonly Contender[]): string {
  const isQuick = contenders.some(({ group: { chosen } }) => chosen.group?.run.form === 'quick');
  return isQuick ? 'Some of it was measured in the quick form, for a first look only.' : '';
}

function isOrAre(count: number): string {
  return count === 1 ? 'is' : 'are';
}

function figure(text: string): Phrase {
  return { text, isFigure: true, path: null };
}

function plain(text: string): Phrase {
  return { text, isFigure: false, path: null };
}
