import { expect, test } from 'vitest';
import { exitInWords, isInterruption, isNoMemory } from '../../core/exit-in-words.ts';

test.for([
  [null, 'SIGSEGV', 'signal SIGSEGV', false],
  [null, 'SIGINT', 'signal SIGINT', true],
  [null, 'SIGHUP', 'signal SIGHUP', true],
  [1, null, 'exit code 1', false],
  [null, null, 'exit code unknown', false],
  [0xc0000005, null, 'exit code 0xC0000005 (access violation)', false],
  [0xc000013a, null, 'exit code 0xC000013A (Ctrl-C)', true],
] as const)('code %s and signal %s are "%s"', ([code, signal, words, isInterrupted]) => {
  expect(exitInWords(code, signal)).toBe(words);
  expect(isInterruption(code, signal)).toBe(isInterrupted);
});

test.each([
  [0xc0000017, true],
  [0xc000012d, true],
  [0xc0000005, false],
  [null, false],
])('code %s is want of memory: %s', (code, isWant) => {
  expect(isNoMemory(code)).toBe(isWant);
});
