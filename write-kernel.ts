import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes WebAssembly as a module, which needs no file beside it wherever the package is built to.
 * usage: node write-kernel.ts FILE.wasm FOLDER
 */
function main([file = '', folder = '']: readonly string[]): void {
  const text = readFileSync(file).toString('base64');
  const lines = [
    '// By `npm run generate:kernels`.',
    '',
    '/** The WebAssembly of `assembly/`, in base64. */',
    `export const compiled =\n  '${text}';`,
    '',
  ];
  writeFileSync(path.join(folder, 'compiled.ts'), lines.join('\n'));
}

main(process.argv.slice(2));
