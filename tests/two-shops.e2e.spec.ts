import { faultsOfTheBooks, readBooks } from './books';
import { send } from './customers';
import { eventually, readAll, shopFolder, ShopProcess } from './shop-process';

const CARD = { cardNumber: 9_999_999_999_999, cardCode: 123, expirationDate: '2030-01-05' };

jest.setTimeout(240_000);

describe('Two processes of the whole shop', () => {
  const { folder, remove } = shopFolder();
  const shops: ShopProcess[] = [];
  beforeAll(async () => {
    for (const _ of [1, 2]) shops.push(await ShopProcess.start(folder, { PAYMENTS_MODE: 'sync' }));
  });
  afterAll(async () => {
    for (const shop of shops) await shop.end('SIGTERM');
    await remove();
  });

  it('share the work of every consumer, and each event has one effect', async () => {
    const orders = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const { store } = shops[index % 2];
        const { status, body } = await send(`${store}/orders`, 'POST', {
          user_id: 1 + (index % 3),
          items: [{ product_id: 1 + (index % 2), quantity: 1 }],
        });
        expect(status).toBe(201);
        return (body as { order_id: number }).order_id;
      }),
    );
    await Promise.all(
      orders.map(async (id, index) => {
        const { store } = shops[index % 2];
        const { payments } = shops[(index + 1) % 2];
        const pay = async (): Promise<void> => {
          await eventually(async () => {
            const all = await readAll<{ id: number; order_id: number }>(`${payments}/payments`);
            const found = all.find(({ order_id }) => order_id === id);
            expect(found).toBeDefined();
            await send(`${payments}/payments/process/${found!.id}`, 'POST', CARD);
          });
        };
        if (index % 3 === 0) await pay();
        else if (index % 3 === 1) await Promise.all([pay(), send(`${store}/orders/${id}`, 'DELETE')]);
        else await send(`${store}/orders/${id}`, 'DELETE');
      }),
    );
    const places = { store: shops[0].store, payments: shops[1].payments, coolriel: shops[0].coolriel };
    await eventually(async () => expect(await faultsOfTheBooks(places)).toEqual([]));
    const states = (await readBooks(places)).payments.map(({ state }) => state);
    expect(states).toHaveLength(60);
    // Of those that were paid and cancelled at once each may end in any of these: tests/races.e2e.spec.ts looks closer.
    expect(new Set([...states, 'refunded'])).toEqual(new Set(['paid', 'cancelled', 'refunded']));
  });
});
