import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sliceRows, type Tensor, type Tensors } from '../../core/tensor.ts';
import { defaultTargetSettings } from '../../results/target-schema.ts';
import { bindCall, bindInputs } from '../../runners/bind-inputs.ts';
import { createProcessMemory } from '../../runners/footprint/process-memory.ts';
import type { Artifact, LoadSettings, Runner, Session } from '../../runners/runner.ts';
import type { ContractModels } from './contract-models.ts';
import { sampleOf } from './samples-of-types.ts';

/** A runner under test with a model of its own format. */
export interface ContractCase {
  runner: Runner;
  device: string;
  /** float32 [batch, width] to float32 [batch, 1]. */
  artifact: Artifact;
  width: number;
  /** More networks, where they can be written down for the format. */
  models: ContractModels | null;
}

/** What every runner promises. */
export function testRunner(name: string, load: () => Promise<ContractCase>): void {
  describe(name, () => {
    let subject: ContractCase;
    let session: Session;

    const open = (artifact: Artifact): Promise<Session> =>
      subject.runner.load(artifact, settingsOf(subject.device));

    beforeAll(async () => {
      subject = await load();
      session = await open(subject.artifact);
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

    test('an unknown device is unavailable with a reason and what mends it', async () => {
      expect(await subject.runner.probe('abacus')).toMatchObject({
        status: 'unavailable',
        reason: expect.stringMatching(/./) as string,
        remedy: expect.stringMatching(/./) as string,
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

    test('the first call of a session, its warm-up, gives what later ones do', async () => {
      const fresh = await open(subject.artifact);
      const feeds = { [fresh.inputs[0]?.name ?? '']: input(3) };
      const calls = [await fresh.run(feeds), await fresh.run(feeds), await session.run(feeds)];
      await fresh.close();
      expect(calls[1]).toEqual(calls[0]);
      expect(calls[2]).toEqual(calls[0]);
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
      await expect(open({ ...subject.artifact, path: import.meta.filename })).rejects.toThrow();
    });

    test('calls leave no memory behind', async () => {
      if (subject.models === null) return;
      const doubling = await open(await subject.models.open());
      const x: Tensor = { type: 'float32', shape: [1, 250_000], data: new Float32Array(250_000) };
      const memory = createProcessMemory();
      const residentAfter = async (calls: number): Promise<number> => {
        for (let call = 0; call < calls; call++) await doubling.run({ x });
        memory.collectGarbage();
        return memory.residentBytes();
      };
      const before = await residentAfter(200);
      const after = await residentAfter(200);
      await doubling.close();
      // Inputs or outputs that stayed would take 200 MB.
      expect(after - before).toBeLessThan(100e6);
    });

    test('a closed session runs no more, may be closed again, and leaves others alone', async () => {
      const closed = await open(subject.artifact);
      await closed.close();
      await closed.close();
      await expect(closed.run({ [closed.inputs[0]?.name ?? '']: input(1) })).rejects.toThrow();
      expect((await run(input(1))).data).toHaveLength(1);
    });

    test('every element type comes out as it went in, and so does a batch of none', async () => {
      if (subject.models === null) return;
      for (const type of subject.models.types) {
        const identity = await open(await subject.models.identity(type));
        const [full, none] = [sampleOf(type), sliceRows(sampleOf(type), 0, 0)];
        expect(identity.inputs).toMatchObject([{ type, shape: [null, 2] }]);
        expect((await identity.run({ x: full })).y, type).toEqual(full);
        expect((await identity.run({ x: none })).y, `none of ${type}`).toEqual(none);
        await identity.close();
      }
    });

    test('several inputs go to their names in any order, and several outputs come back by theirs', async () => {
      if (subject.models === null) return;
      const pair = await open(await subject.models.pair());
      const a: Tensor = { type: 'float32', shape: [1, 2], data: Float32Array.of(3, 5) };
      const b: Tensor = { type: 'float32', shape: [1, 2], data: Float32Array.of(1, 1) };
      const outputs = await bindInputs(pair, { b, a })({ b, a });
      await pair.close();
      expect(valuesOf(outputs)).toEqual({ sum: [4, 6], difference: [2, 4] });
    });

    test('an axis inside may have another size in each call', async () => {
      if (subject.models === null) return;
      const doubling = await open(await subject.models.open());
      expect(doubling.inputs).toMatchObject([{ shape: [null, null] }]);
      for (const columns of [3, 1, 5]) {
        const x: Tensor = { type: 'float32', shape: [1, columns], data: new Float32Array(columns).fill(2) };
        const { y } = await bindInputs(doubling, { x })({ x });
        expect(y).toMatchObject({ shape: [1, columns], data: new Float32Array(columns).fill(4) });
      }
      await doubling.close();
    });
  });
}

function settingsOf(device: string): LoadSettings {
  return { ...defaultTargetSettings, device, deviceIndex: 0, threads: 1 };
}

function valuesOf(tensors: Tensors): Record<string, unknown[]> {
  return Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, [...data]]));
}
