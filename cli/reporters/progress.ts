import type { RunEvent } from '../../runners/run-context.ts';
import { formatCount } from '../../site/views/format.ts';
import { formatDamaged } from './damaged.ts';
import { formatForesights } from './foresights.ts';
import { formatTarget } from '../../results/target-schema.ts';

/** Shows how a run gets on. */
export interface Progress {
  report: (event: RunEvent) => void;
  end: () => void;
}

interface Counts {
  cells: number;
  groups: number;
  scenarios: number;
  cellsDone: number;
  groupsDone: number;
  scenariosDone: number;
  /** What is under way. */
  now: string;
}

const noCounts: Counts = {
  cells: 0,
  groups: 0,
  scenarios: 0,
  cellsDone: 0,
  groupsDone: 0,
  scenariosDone: 0,
  now: 'building variants',
};

/** One line that changes on a terminal, a line an event elsewhere. It writes on events alone, never while something is timed. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  const counts: Counts = { ...noCounts };
  const isLive = stream.isTTY;
  return {
    report: (event) => {
      count(counts, event);
      const line = plainLine(event);
      const lasting = lastingLines(event);
      if (lasting !== '') stream.write(`${isLive ? '\r\u001B[2K' : ''}${lasting}`);
      if (isLive) stream.write(`\r\u001B[2K${statusLine(counts).slice(0, (stream.columns || 80) - 1)}`);
      else if (line !== null) stream.write(`${line}\n`);
    },
    end: () => {
      if (isLive) stream.write('\r\u001B[2K');
    },
  };
}

function count(counts: Counts, event: RunEvent): void {
  if (event.kind === 'planned') {
    const { cells, groups, scenarios } = event;
    Object.assign(counts, { cells, groups, scenarios });
  }
  if (event.kind === 'probing') counts.now = event.step;
  if (event.kind === 'planned') counts.now = noCounts.now;
  if (event.kind === 'cell-finished' || event.kind === 'scored') {
    counts.cellsDone++;
    counts.now = 'evaluating quality';
  }
  if (event.kind === 'layers-started') counts.now = `scoring layers of ${event.modelId} ${event.variant}`;
  if (event.kind === 'group-started')
    counts.now = `timing ${event.subject.model.id} on ${formatTarget(event.subject.target)}`;
  if (event.kind === 'group-finished' || event.kind === 'judged') counts.groupsDone++;
  if (event.kind === 'kept') {
    const done = { cell: 'cellsDone', group: 'groupsDone', scenario: 'scenariosDone' } as const;
    counts[done[event.record.kind]]++;
  }
  if (event.kind === 'scenario-finished') {
    counts.scenariosDone++;
    counts.now = 'running scenarios';
  }
}

function statusLine({ cells, groups, scenarios, now, ...done }: Counts): string {
  const steps = [
    `quality ${done.cellsDone}/${cells}`,
    `timing ${done.groupsDone}/${groups}`,
    ...(scenarios === 0 ? [] : [`scenarios ${done.scenariosDone}/${scenarios}`]),
  ];
  return [...steps, now].join(' · ');
}

function plannedLine({ runId, cells, groups, scenarios }: Extract<RunEvent, { kind: 'planned' }>): string {
  const under = scenarios === 0 ? '' : `, ${formatCount(scenarios, 'scenario')}`;
  return `run ${runId}: ${formatCount(cells, 'cell')} in ${formatCount(groups, 'group')}${under}`;
}

/** Null for an event that is not worth a line: a group that was not timed, a cell or a scenario that was skipped. */
function plainLine(event: RunEvent): string | null {
  switch (event.kind) {
    case 'probing':
      return event.step;
    case 'planned':
      return plannedLine(event);
    case 'advised':
    case 'fewer-workers':
    case 'damaged':
    case 'foreseen':
    case 'rows-dropped':
      return null;
    case 'cell-finished': {
      const { subject, variant, outcome } = event.record;
      if (outcome.status === 'skipped') return null;
      return `quality  ${subject.model.id} ${variant.name} on ${formatTarget(subject.target)}: ${outcome.status}`;
    }
    case 'scored': {
      const { subject, variant, reusedFrom, runId } = event.record;
      return `scored   ${subject.model.id} ${variant.name} on ${formatTarget(subject.target)}, predicted in ${reusedFrom ?? runId}`;
    }
    case 'layers-started':
      return `layers   ${event.modelId} ${event.variant} on ${formatTarget(event.target)}`;
    case 'group-started':
      return `timing   ${event.subject.model.id} on ${formatTarget(event.subject.target)}`;
    case 'group-finished': {
      const { subject, variants, durationMs } = event.record;
      const isTimed = variants.some(({ timed }) => timed.status === 'measured');
      return isTimed ? `timed    ${subject.model.id} in ${(durationMs / 1000).toFixed(1)} s` : null;
    }
    case 'judged': {
      const { subject, reusedFrom, runId } = event.record;
      return `judged   ${subject.model.id} on ${formatTarget(subject.target)}, timed in ${reusedFrom ?? runId}`;
    }
    case 'kept': {
      const { subject, kind, reusedFrom, runId } = event.record;
      return `kept     ${kind} of ${subject.model.id} on ${formatTarget(subject.target)}, measured in ${reusedFrom ?? runId}`;
    }
    case 'scenario-finished': {
      const { subject, variant, scenario, outcome } = event.record;
      if (outcome.status === 'skipped') return null;
      return `${scenario}  ${subject.model.id} ${variant.name} on ${formatTarget(subject.target)}: ${outcome.status}`;
    }
  }
}

/** Stays on a terminal, too. */
function lastingLines(event: RunEvent): string {
  if (event.kind === 'advised') return adviceLines(event);
  if (event.kind === 'rows-dropped')
    return `dropped  ${event.datasetId}: ${formatCount(event.rows, 'row')} for missing values\n`;
  if (event.kind === 'fewer-workers')
    return `workers  ${event.asked} on ${formatCount(event.cores, 'core')} gain nothing; ${event.workers} ${event.workers === 1 ? 'is' : 'are'} started\n`;
  if (event.kind === 'foreseen') return formatForesights(event.foresights, 'foreseen ');
  return event.kind === 'damaged' ? formatDamaged(event.damaged, 'what it held is measured again') : '';
}

/** A line for each code. */
function adviceLines({ suiteId, given }: Extract<RunEvent, { kind: 'advised' }>): string {
  return given
    .map(({ code, action, subjects: [first = '', ...more] }) => {
      const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
      return `advice   ${suiteId}: ${code}: ${first}${others}: ${action}\n`;
    })
    .join('');
}
