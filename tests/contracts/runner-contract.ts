import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Tensor } from '../../core/tensor.ts';
import { bindCall } from '../../runners/bind-inputs.ts';
import type { Artifact, Runner, Session } from '../../runners/runner.ts';
import { loadSettings } from '../../runners/load-settings.ts';
import { parseTarget } from '../../suites/target.ts';

/** A model of a runner under test: float32 [batch, width] to float32 [batch, 1]. */
export interface ContractCase {
  runner: Runner;
  device: string;
  artifact: Artifact;
  width: number;
}

/** What every runner promises. */
export function testRunner(name: string, load: () => Promise<ContractCase>): void {
  describe(name, () => {
    let subject: ContractCase;
    let session: Session;

    beforeAll(async () => {
      subject = await load();
      session = await subject.runner.load(
        subject.artifact,
        loadSettings(parseTarget(`${subject.runner.kind}/${subject.device}`), { threads: 1 }),
      );
    });
    afterAll(async () => {
      await session.close();
    });

    const input = (rows: number, offset = 0): Tensor => ({
      type: 'float32',
      shape: [rows, subject.width],
      data: Float32Array.from({ length: rows * subject.width }, (_, index) =>
        Math.sin(index + offset * subject.width),
      ),
    });
    const run = async (tensor: Tensor): Promise<Tensor> => {
      const outputs = await session.run({ [session.inputs[0]?.name ?? '']: tensor });
      return outputs[session.outputs[0]?.name ?? ''] as Tensor;
    };

    test('the device proves that it works', async () => {
      expect(await subject.runner.probe(subject.device)).toMatchObject({ status: 'works' });
    });

    test('an unknown device is unavailable with a reason', async () => {
      expect(await subject.runner.probe('abacus')).toMatchObject({
        status: 'unavailable',
        reason: expect.stringMatching(/./) as string,
      });
    });

    test('inputs and outputs are described, an open dimension as null', () => {
      expect(session.inputs).toMatchObject([{ type: 'float32', shape: [null, subject.width] }]);
      expect(session.outputs).toMatchObject([{ type: 'float32', shape: [null, 1] }]);
    });

    test('a batch gives a row for each row', async () => {
      const output = await run(input(5));
      expect(output).toMatchObject({ type: 'float32', shape: [5, 1] });
      expect(output.data).toHaveLength(5);
    });

    test('a row alone gives what it gives in a batch', async () => {
      const together = (await run(input(4))).data as Float32Array;
      for (let row = 0; row < 4; row++) {
        const [alone] = (await run(input(1, row))).data as Float32Array;
        expect(alone).toBeCloseTo(together[row] ?? Number.NaN, 4);
      }
    });

    test('the same batch gives the same output', async () => {
      expect((await run(input(3))).data).toEqual((await run(input(3))).data);
    });

    test('outputs outlive the next run', async () => {
      const first = await run(input(2));
      const copy = Float32Array.from(first.data as Float32Array);
      await run(input(2, 9));
      expect(first.data).toEqual(copy);
    });

    test('a prepared call does what a run does, each time', async () => {
      const feeds = { [session.inputs[0]?.name ?? '']: input(3) };
      const call = bindCall(session, feeds);
      const name = session.outputs[0]?.name ?? '';
      const expected = (await session.run(feeds))[name];
      for (let time = 0; time < 3; time++) {
        const outputs = (await call()) as Record<string, { data: unknown }>;
        expect(outputs[name]?.data).toEqual(expected?.data);
      }
    });

    test('a call of a batch of another width is refused, and so is one without its input', async () => {
      const wrong: Tensor = { type: 'float32', shape: [1, 1], data: new Float32Array(1) };
      const name = session.inputs[0]?.name ?? '';
      expect(() => bindCall(session, { [name]: wrong })).toThrow(`"${name}"`);
      expect(() => bindCall(session, {})).toThrow(`"${name}" is not in the dataset`);
      expect(await bindCall(session, { [name]: input(1) })()).toBeDefined();
    });

    test('a batch of another width is refused', async () => {
      const wrong: Tensor = {
        type: 'float32',
        shape: [1, subject.width + 1],
        data: new Float32Array(subject.width + 1),
      };
      await expect(run(wrong)).rejects.toThrow();
    });

    test('a missing input is refused', async () => {
      await expect(session.run({})).rejects.toThrow();
    });

    test('a file that is no model is refused', async () => {
      const artifact = { ...subject.artifact, path: import.meta.filename };
      await expect(
        subject.runner.load(
          artifact,
          loadSettings(parseTarget(`${subject.runner.kind}/${subject.device}`), { threads: 1 }),
        ),
      ).rejects.toThrow();
    });
  });
}
