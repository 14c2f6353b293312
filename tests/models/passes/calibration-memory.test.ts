import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../core/package-root.ts';

const batchBytes = 4 * 128 * 512;

test.for(['prune-neurons-50+int8-static-entropy'])(
  'calibrating for %s on 4 times the data takes no more memory',
  // When V8 gives memory back is up to it: what is kept shows each time.
  { timeout: 120_000, retry: 2 },
  async (variant) => {
    const [few, many] = [await peakOf(variant, 30), await peakOf(variant, 120)];
    // Of each further batch five values or more as large as itself are seen: what is given back late aside, none is kept.
    expect(many - few).toBeLessThan(2 * 90 * batchBytes);
  },
);

/** Peak resident bytes of a process that makes a variant, calibrated on so many batches that exist one at a time. */
async function peakOf(variant: string, count: number): Promise<number> {
  const script = `
    import { buildGraph } from './models/onnx/builder.ts';
    import { applyPasses } from './models/passes/apply.ts';
    import { parseVariant, stepsOn } from './models/variant.ts';
    const width = 128;
    const graph = buildGraph('layers');
    let value = graph.input('x', { type: 'float32', shape: ['batch', width] });
    for (let layer = 0; layer < 4; layer++) {
      const data = Float32Array.from({ length: width ** 2 }, (_, at) => Math.sin(at * (layer + 1)) / 8);
      const weight = graph.initializer('w' + layer, { type: 'float32', shape: [width, width], data });
      value = graph.node('Relu', [graph.node('MatMul', [value, weight])], layer === 3 ? { outputs: ['y'] } : {});
    }
    graph.output('y', { type: 'float32', shape: ['batch', width] });
    const drawn = Float32Array.from({ length: 512 * width }, (_, at) => Math.sin(at));
    const batches = async function* () {
      for (let batch = 0; batch < ${count}; batch++) {
        const data = drawn.slice();
        yield { x: { type: 'float32', shape: [512, width], data } };
      }
    };
    const steps = stepsOn(parseVariant(${JSON.stringify(variant)}), 'onnx');
    const made = await applyPasses(graph.model(), steps, { description: 'drawn', hash: 'drawn', batches });
    if ('reason' in made) throw new Error(made.reason);
    console.log(process.resourceUsage().maxRSS * 1024);`;
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: packageRoot });
  return Number(stdout);
}
