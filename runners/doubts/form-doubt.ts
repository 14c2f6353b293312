import type { Warning } from '../../results/warning-schema.ts';
import type { Form } from '../form.ts';

/** What a quick run cannot see. */
export function formDoubt({ name, looks, epochs, epochMs, leastMargin }: Form): Warning[] {
  if (name !== 'quick') return [];
  const seconds = (epochs * epochMs) / 1000;
  const detail = `Quick form: ${looks.join(', ')} processes of ${seconds} s each; slowdowns below ${leastMargin * 100} % are not looked for, and false alarms are likelier.`;
  return [{ code: 'quick-form', detail, advice: 'assay run without --quick finds smaller changes' }];
}
