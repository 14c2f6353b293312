import type { StoredRecord } from '../../results/schema.ts';
import { targetOf } from './choose-records.ts';
import { clip } from './format.ts';
import { scenarioTexts } from './scenario-text.ts';

/** What a record is called on its page and in lists. */
export function recordHeading(record: StoredRecord): { kind: string; title: string } {
  const place = `${clip(record.subject.model.id, 60)} on ${clip(targetOf(record.subject), 60)}`;
  if (record.kind === 'group') return { kind: 'Timing of a group', title: place };
  if (record.kind === 'scenario')
    return {
      kind: `Scenario: ${scenarioTexts[record.scenario].title.toLowerCase()}`,
      title: `${clip(record.variant.name, 60)} of ${place}`,
    };
  return { kind: 'Quality of a variant', title: `${clip(record.variant.name, 60)} of ${place}` };
}
