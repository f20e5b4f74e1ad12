import { faultsOfTheBooks, readBooks } from './books';
import { Customers } from './customers';
import { needs } from './needs';
import { ownTopics } from './own-topics';
import { freshDatabase } from './services';
import { eventually, shopFolder, ShopProcess } from './shop-process';

const ORDERS = 5;

needs('kafka', 'mariadb')('A shop whose events are carried by another bus from now on', () => {
  it.each(['SQLite', 'MariaDB'])(
    'loses and repeats nothing, there and back, also when it is killed (%s)',
    async (kind) => {
      const { folder, remove } = shopFolder();
      const database = kind === 'MariaDB' ? await freshDatabase() : undefined;
      const topics = ownTopics();
      const onDatabase: Record<string, string> = {
        EVENT_BUS: 'database',
        ...(database && { DATABASE_URL: database.url }),
      };
      const onKafka = { ...onDatabase, ...topics.onKafka };
      const turns: [environment: Record<string, string>, signal: NodeJS.Signals][] = [
        [onDatabase, 'SIGTERM'],
        [onKafka, 'SIGKILL'],
        [onKafka, 'SIGKILL'],
        [onDatabase, 'SIGKILL'],
        [onDatabase, 'SIGTERM'],
        [onKafka, 'SIGKILL'],
      ];
      const users: number[] = [];
      const orders: number[] = [];
      try {
        for (const [turn, [environment, signal]] of turns.entries()) {
          const shop = await ShopProcess.start(folder, environment);
          const customers = new Customers(shop.store, `turn-${turn}`);
          await eventually(async () => expect(customers.orders.length).toBeGreaterThan(ORDERS));
          const gone = shop.end(signal);
          await Promise.all([gone, customers.callOff()]);
          users.push(...customers.users);
          orders.push(...customers.orders);
        }
        for (const environment of [onDatabase, onKafka]) {
          const shop = await ShopProcess.start(folder, environment);
          await eventually(async () => expect(await faultsOfTheBooks(shop)).toEqual([]), 120_000);
          const { events } = await readBooks(shop);
          const told = (type: string): Set<number> =>
            new Set(events.filter((event) => event.type === type).map(({ data }) => data.id));
          expect(users.filter((id) => !told('UserCreated').has(id))).toEqual([]);
          expect(orders.filter((id) => !told('OrderCreated').has(id))).toEqual([]);
          // Each consumer is at the end of the log, whichever bus says so.
          const consumers = (await (await fetch(`${shop.store}/admin/consumers`)).json()) as Record<string, unknown>[];
          expect(consumers).toHaveLength(6);
          for (const consumer of consumers)
            expect(consumer).toMatchObject({ state: 'running', position: events.length, parked_streams: 0 });
          expect(await shop.end('SIGTERM')).toBe(0);
        }
      } finally {
        await topics.removeTopics();
        await database?.drop();
        await remove();
      }
    },
    600_000,
  );
});
