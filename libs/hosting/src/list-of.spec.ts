import { IsId, InputPipe } from './input';
import { IsListOf } from './list-of';
import type { InvalidInput } from './problem';

class Part {
  @IsId()
  id: number;
}

class Whole {
  @IsListOf(Part, 20)
  parts: Part[];
}

const transform = (value: unknown): Promise<unknown> =>
  new InputPipe().transform(value, { type: 'body', metatype: Whole });
const refusal = async (parts: unknown): Promise<InvalidInput> =>
  (await transform({ parts }).catch((error: unknown) => error)) as InvalidInput;
const faultsOf = async (parts: unknown): Promise<unknown> => (await refusal(parts)).members.errors;

const parts = (length: number, part: unknown = { id: 1 }): unknown[] => Array.from({ length }, () => part);
const AS_SUCH = [{ detail: 'parts must be a list of 1 to 20 objects', pointer: '#/parts' }];
const noId = (place: number) => ({
  detail: 'id must be an id: a whole number, at least 1',
  pointer: `#/parts/${place}/id`,
});

describe('IsListOf', () => {
  it.each([1, 20])('makes %d of their class, without what that does not know', async (length) => {
    const whole = (await transform({ parts: parts(length, { id: 7, price: 0 }) })) as Whole;

    expect(whole.parts).toEqual(parts(length, { id: 7 }));
    expect(whole.parts.every((part) => part instanceof Part)).toBe(true);
  });

  it.each([undefined, null, 5, 'parts', true, {}, { id: 1 }, { 0: { id: 1 }, length: 1 }, [], parts(21)])(
    'refuses %j as such, and tells nothing of what is in it',
    async (value) => {
      expect(await faultsOf(value)).toEqual(AS_SUCH);
    },
  );

  it.each([5, 0, 'x', true, null, [], [{ id: 1 }], [[{ id: 1 }]], {}, { id: '1' }, { id: null }])(
    'names the place of %j, which stands between others',
    async (part) => {
      expect(await faultsOf([{ id: 1 }, part, { id: 2 }, part])).toEqual([noId(1), noId(3)]);
    },
  );

  it('says little of a list of any length, and once what is wrong with each', async () => {
    expect(await faultsOf(parts(10_000, null))).toEqual(AS_SUCH);
    const { message, members } = await refusal(parts(20, 'x'));
    expect(message).toBe('id must be an id: a whole number, at least 1');
    expect(members.errors).toHaveLength(20);
  });
});
