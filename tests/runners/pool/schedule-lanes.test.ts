import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { AssayError } from '../../../core/errors.ts';
import { createRandom } from '../../../core/random.ts';
import { defaultTargetSettings } from '../../../results/target-schema.ts';
import { cardsOf } from '../../../runners/pool/cards-of.ts';
import type { LoadedModel, PredictTask } from '../../../runners/pool/lane-task.ts';
import type { Lanes, Resident } from '../../../runners/pool/lanes.ts';
import { depth, scheduleLanes, type Thread } from '../../../runners/pool/schedule-lanes.ts';
import { parseTarget, type Target, type TargetInput } from '../../../suites/target.ts';
import { CardThreads } from '../../fakes/card-threads.ts';

/** What a thread was asked for: the model, and which copy of it. */
interface Asked {
  thread: number;
  model: string;
  copy: number;
}

/** Threads that answer when they are told to. */
class ScriptedThreads {
  readonly asked: Asked[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly threads: Thread[];

  constructor(count: number) {
    this.threads = Array.from({ length: count }, (_, thread) => ({
      run: async (task) => {
        const { model } = task as PredictTask;
        this.asked.push({ thread, model: model.artifact.path, copy: model.deviceIndex });
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
        return { status: 'done', result: null };
      },
    }));
  }

  /** Answers all that was asked, and what is asked then, until nothing is. */
  async answerAll(): Promise<void> {
    await nextTurn();
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      next();
      await nextTurn();
    }
  }
}

function predict(
  lanes: Lanes,
  key: string,
  { on = 'onnxruntime/cpu', ...resident }: Partial<Resident> & { on?: string } = {},
): Promise<unknown> {
  const target = parseTarget(on);
  const model = { artifact: { format: 'onnx', path: key }, target } as const;
  return lanes.run(
    (copy) => ({
      kind: 'predict',
      model: { ...model, deviceIndex: copy },
      task: { kind: 'regression' },
      batches: [],
      batchSize: 64,
      stretch: { before: 0, all: 0 },
    }),
    { key, cards: null, copies: Infinity, bytes: 100, ...resident },
  );
}

const roomy = (): number => 1e9;

/** How many threads had each model. */
function copiesOf({ asked }: ScriptedThreads): Record<string, number> {
  const models = [...new Set(asked.map(({ model }) => model))];
  return Object.fromEntries(
    models.map((model) => [
      model,
      new Set(asked.filter((one) => one.model === model).map(({ thread }) => thread)).size,
    ]),
  );
}

test('models are shared out first: none is loaded twice while another waits', async () => {
  const threads = new ScriptedThreads(2);
  const lanes = scheduleLanes(threads.threads, roomy);
  const done = ['a', 'a', 'b', 'b'].map((model) => predict(lanes, model));
  await threads.answerAll();
  await Promise.all(done);
  expect(copiesOf(threads)).toEqual({ a: 1, b: 1 });
});

test('a model that is alone runs on all lanes, a copy each', async () => {
  const threads = new ScriptedThreads(3);
  const lanes = scheduleLanes(threads.threads, roomy);
  const done = Array.from({ length: 12 }, () => predict(lanes, 'a'));
  await nextTurn();
  expect(threads.asked).toHaveLength(3 * depth);
  await threads.answerAll();
  await Promise.all(done);
  expect(copiesOf(threads)).toEqual({ a: 3 });
  for (const { thread, copy } of threads.asked) expect(copy).toBe(thread);
});

test('a model that fits into memory once is loaded once', async () => {
  const threads = new ScriptedThreads(8);
  const lanes = scheduleLanes(threads.threads, () => 150 - 100 * (copiesOf(threads).a ?? 0));
  const done = Array.from({ length: 6 }, () => predict(lanes, 'a'));
  await threads.answerAll();
  await Promise.all(done);
  expect(copiesOf(threads)).toEqual({ a: 1 });
});

test('a model that does not seem to fit runs all the same, when nothing else does', async () => {
  const threads = new ScriptedThreads(2);
  const lanes = scheduleLanes(threads.threads, () => 150);
  const done = [predict(lanes, 'small'), predict(lanes, 'large', { bytes: 1e6 })];
  await nextTurn();
  expect(threads.asked.map(({ model }) => model)).toEqual(['small']);
  await threads.answerAll();
  await Promise.all(done);
  expect(copiesOf(threads)).toEqual({ small: 1, large: 1 });
});

test('devices bear one model each at a time, spread over all of them, and so are those that come after', async () => {
  const threads = new ScriptedThreads(4);
  const lanes = scheduleLanes(threads.threads, roomy);
  const cards = { on: 'onnxruntime/cuda', cards: [0, 1], copies: 1 };
  for (const models of [
    ['a', 'b'],
    ['c', 'd'],
  ]) {
    const done = models.map((model) => predict(lanes, model, cards));
    await nextTurn();
    const asked = threads.asked.slice(-2);
    expect(asked.map(({ copy }) => copy).sort()).toEqual([0, 1]);
    const waits = predict(lanes, 'x', cards);
    await nextTurn();
    expect(threads.asked.slice(-2)).toEqual(asked);
    await threads.answerAll();
    await Promise.all([...done, waits]);
  }
  expect(new Set(threads.asked.map(({ thread }) => thread)).size).toBe(2);
});

test('a device that all lanes share is used by one', async () => {
  const threads = new ScriptedThreads(2);
  const lanes = scheduleLanes(threads.threads, roomy);
  const done = Array.from({ length: 5 }, () => predict(lanes, 'a', { copies: 1 }));
  await threads.answerAll();
  await Promise.all(done);
  expect(copiesOf(threads)).toEqual({ a: 1 });
});

test('a device that bears one thread of a process is used by one lane, whatever the models', async () => {
  const threads = new ScriptedThreads(2);
  const lanes = scheduleLanes(threads.threads, roomy);
  const on = 'onnxruntime/webgpu';
  const done = [...['a', 'b', 'c', 'a'].map((model) => predict(lanes, model, { on })), predict(lanes, 'd')];
  await threads.answerAll();
  await Promise.all(done);
  expect(new Set(threads.asked.filter(({ model }) => model !== 'd').map(({ thread }) => thread)).size).toBe(
    1,
  );
  expect(threads.asked).toHaveLength(5);
});

test('what a thread refuses or fails at is thrown, and its lane goes on', async () => {
  const replies = [
    { status: 'refused', code: 'dataset-invalid', message: 'no rows', hint: 'assay validate' },
    { status: 'failed', reason: 'out of paper' },
    { status: 'done', result: null },
  ] as const;
  let next = 0;
  const thread: Thread = { run: () => Promise.resolve(replies[next++] ?? replies[2]) };
  const lanes = scheduleLanes([thread], roomy);
  const refused = predict(lanes, 'a');
  await expect(refused).rejects.toBeInstanceOf(AssayError);
  await expect(refused).rejects.toMatchObject({ code: 'dataset-invalid', hint: 'assay validate' });
  await expect(predict(lanes, 'a')).rejects.toThrow('out of paper');
  await expect(predict(lanes, 'a')).resolves.toBeNull();
});

test('of the last tasks none waits behind another while a lane is free', async () => {
  const slow: (() => void)[] = [];
  const asked = [0, 0];
  const threads = [0, 1].map((thread): Thread => ({
    run: async () => {
      asked[thread] = (asked[thread] ?? 0) + 1;
      if (thread === 0) await new Promise<void>((resolve) => slow.push(resolve));
      return { status: 'done', result: null };
    },
  }));
  const lanes = scheduleLanes(threads, roomy);
  const done = Array.from({ length: 3 }, () => predict(lanes, 'a'));
  for (let turn = 0; turn < 10; turn++) await nextTurn();
  expect(asked).toEqual([1, 2]);
  for (const go of slow) go();
  await Promise.all(done);
});

test('what needs no model takes its turn among portions that keep coming', async () => {
  const done: string[] = [];
  const thread: Thread = { run: () => nextTurn({ status: 'done', result: null }) };
  const lanes = scheduleLanes([thread], roomy);
  const portions = Array.from({ length: 3 }, async () => {
    for (let portion = 0; portion < 10; portion++) {
      await predict(lanes, 'a');
      done.push('portion');
    }
  });
  await nextTurn();
  await lanes.run(() => ({ kind: 'load-code', runners: [] }));
  expect(done.length).toBeLessThanOrEqual(4);
  await Promise.all(portions);
});

const mixed: readonly TargetInput[] = [
  'onnxruntime/cpu',
  'onnxruntime/webgpu',
  'onnxruntime/tensorrt',
  'tfjs/webgpu',
  'tfjs/node-gpu',
  ...[[0], [1], [0, 1], [1, 2, 0]].map((deviceIndexes) => ({
    target: 'onnxruntime/cuda',
    ...{ ...defaultTargetSettings, deviceIndexes },
  })),
];

/** What an evaluation, or a check, asks of the lanes. */
function askForModel(
  lanes: Lanes,
  { target, path }: { target: Target; path: string },
  kind: string,
): Promise<unknown> {
  const artifact = { format: 'onnx', path } as const;
  const { deviceIndexes } = target.settings;
  const modelOn = (copy: number): LoadedModel => ({
    artifact,
    target,
    deviceIndex: deviceIndexes[copy] ?? 0,
  });
  if (kind === 'placement') return lanes.run((copy) => ({ kind, model: modelOn(copy), inputs: {} }));
  const cards = cardsOf(target);
  const key = JSON.stringify([path, target]);
  return lanes.run((copy) => ({ kind: 'open', model: modelOn(copy) }), {
    key,
    cards,
    copies: cards?.length ?? 4,
    bytes: 1,
  });
}

test.for(Array.from({ length: 60 }, (_, seed) => seed))(
  'a card bears one model at a time, whatever the targets and lists that name it, and nothing waits forever: seed %i',
  async (seed) => {
    const random = createRandom(seed);
    const cards = new CardThreads(1 + random.below(4), seed);
    const lanes = scheduleLanes(cards.threads, roomy);
    let ended = 0;
    const asked = Array.from({ length: 40 }, async () => {
      const target = parseTarget(mixed[random.below(mixed.length)] ?? 'onnxruntime/cpu');
      const kind = random.below(4) === 0 ? 'placement' : 'open';
      await askForModel(lanes, { target, path: `${random.below(3)}.onnx` }, kind);
      ended++;
    });
    await cards.endAll();
    expect(ended).toBe(asked.length);
    expect([...cards.most.values()]).toEqual([...cards.most].map(() => 1));
  },
);

test('no portion of a model overtakes the first of them to a card that another lane still gives up', async () => {
  const cards = new CardThreads(2, 5);
  const lanes = scheduleLanes(cards.threads, roomy);
  for (const asked of [
    ['onnxruntime/webgpu'],
    ['onnxruntime/cpu'],
    // The home of WebGPU is at work, so that the other lane takes the card.
    ['onnxruntime/cpu', 'onnxruntime/cuda'],
    Array.from({ length: 6 }, () => 'onnxruntime/webgpu'),
  ]) {
    const path = `${asked.length}.onnx`;
    const done = asked.map((on) =>
      askForModel(
        lanes,
        { target: parseTarget(on), path: on === 'onnxruntime/cpu' ? 'cpu.onnx' : path },
        'open',
      ),
    );
    await cards.endAll();
    await Promise.all(done);
  }
  expect([...cards.most]).toEqual([[0, 1]]);
});
