import { ask, expectProblem, openShop, type TestShop } from './shop';

describe('GET /test/slow/:seconds', () => {
  let shop: TestShop;
  beforeEach(async () => {
    shop = await openShop(undefined, { APPS: 'store-manager' });
  });
  afterEach(() => shop.remove());

  const slow = (seconds: string) => ask<{ slept: number }>(`${shop.store}/test/slow/${seconds}`);

  it('answers after so many seconds, others meanwhile', async () => {
    const order: string[] = [];
    const answers = await Promise.all(
      ['1.25', '0.5', '0'].map(async (seconds) => {
        const { status, text } = await slow(seconds);
        order.push(seconds);
        return `${status} ${text}`;
      }),
    );

    expect(order).toEqual(['0', '0.5', '1.25']);
    expect(answers).toEqual(['200 {"slept":1.25}', '200 {"slept":0.5}', '200 {"slept":0}']);
  });

  it.each(['31', '30.001', '-1', '1e1', '0x1', '1.0000', '.5', '5.', '05', '5s', '١', 'NaN', '9007199254740992'])(
    'does not wait for %s',
    async (seconds) => {
      expectProblem(await slow(seconds), { status: 400, type: 'invalid-input', pointers: ['#/seconds'] });
    },
  );

  it('answers at once who still waits when the shop stops', async () => {
    const waiting = slow('30');
    await slow('0.25');

    await shop.stop();

    const { status, body } = await waiting;
    expect(status).toBe(200);
    expect(body.slept).toBeLessThan(30);
  });
});
