import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from '../../core/shell-word.ts';

test('what needs no quotes has none', () => {
  expect(shellWord('models/my-model_1.onnx')).toBe('models/my-model_1.onnx');
});

test.for(['my models/a b.suite.json', "it's", '$(id)', 'naïve; rm', ''])(
  'a shell takes %j for one word',
  (word) => {
    const said = execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' });
    expect(said).toBe(word);
  },
);

test.for([
  ['C:\\models\\mine.suite.json', 'C:\\models\\mine.suite.json'],
  ['C:\\my models\\a.onnx', '"C:\\my models\\a.onnx"'],
  ["C:\\it's\\a b\\", '"C:\\it\'s\\a b\\\\"'],
  ['@home', '"@home"'],
] as const)('shells of Windows take %j for one word as %j', ([word, quoted]) => {
  expect(shellWord(word, 'win32')).toBe(quoted);
});
