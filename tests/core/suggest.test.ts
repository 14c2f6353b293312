import { expect, test } from 'vitest';
import { suggest } from '../../core/suggest.ts';

test('the nearest name is suggested and all are listed where they are few', () => {
  expect(suggest('acuracy', ['f1-macro', 'accuracy', 'log-loss'])).toBe(
    'Did you mean "accuracy"? Known: f1-macro, accuracy, log-loss.',
  );
});

test('a name that contains the unknown one is nearer than one of about its length', () => {
  expect(suggest('f1', ['r2', 'f1-macro'])).toMatch(/^Did you mean "f1-macro"\?/);
});

test('of many names the three nearest are given', () => {
  const known = Array.from({ length: 13 }, (_, index) => `metric-${index}`);
  expect(suggest('metric-7', known)).toMatch(/^Did you mean "metric-7", "metric-\d+" or "metric-\d+"\?$/);
});

test('a name that is like none of them is not taken for a slip', () => {
  expect(suggest('/tmp', ['fuel-economy', 'tumour-diagnosis'])).toBe(
    'Known: fuel-economy, tumour-diagnosis.',
  );
  const known = Array.from({ length: 13 }, (_, index) => `metric-${index}`);
  expect(suggest('ä', known)).toMatch(/^Known: metric-\d+, metric-\d+, metric-\d+ and 10 more\.$/);
});

test('nothing known is said so', () => {
  expect(suggest('x', [])).toBe('There is none yet.');
});

test('case and separators are no great difference', () => {
  const known = ['enableCpuMemArena', 'session.intra_op.allow_spinning', 'session.inter_op.allow_spinning'];
  const many = [...known, ...Array.from({ length: 12 }, (_, index) => `mlas.${index}`)];
  expect(suggest('cpu_mem_arena', many)).toBe('Did you mean "enableCpuMemArena"?');
  expect(suggest('ENABLE_CPU_MEM_ARNEA', many)).toBe('Did you mean "enableCpuMemArena"?');
  expect(suggest('SESSION_INTRAOP_ALLOWSPINNING', many)).toMatch(
    /^Did you mean "session\.intra_op\.allow_spinning"/,
  );
});
