/** The loop that anybody would write in Node: `session.run` of the public package, one call after another. */
import * as ort from 'onnxruntime-node';
import { answerBlocks } from './answer-blocks.ts';

await answerBlocks(async ({ path, shape, data }) => {
  const session = await ort.InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const feeds = { x: new ort.Tensor('float32', data, shape) };
  return async (ms) => {
    const calls: number[] = [];
    const end = performance.now() + ms;
    while (performance.now() < end) {
      const start = performance.now();
      await session.run(feeds);
      calls.push(performance.now() - start);
    }
    return calls;
  };
});
