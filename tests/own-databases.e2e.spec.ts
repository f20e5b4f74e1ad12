import { readBooks } from './books';
import { freePort } from '../scripts/services/services.mjs';
import { Customers, linkOf, order, pay } from './customers';
import { needs } from './needs';
import { ownTopics } from './own-topics';
import { type FreshDatabase, freshDatabase, kafkaBrokers } from './services';
import { eventually, readAll, shopFolder, ShopProcess } from './shop-process';
import { kafkaClient } from './kafka';

interface Status {
  consumer: string;
  state: string;
  error?: string;
}

interface Email {
  template: string;
  state: string;
}

/** Of the store's events that it is told of, which one coolriel has an e-mail for. */
const TOLD = /^(UserCreated|OrderConfirmed|OrderPaid|OrderCancelled)$/;

needs('kafka', 'mariadb')('Apps with a database of their own', () => {
  const { folder, remove } = shopFolder();
  const { onKafka, removeTopics } = ownTopics();
  const databases: FreshDatabase[] = [];
  const running = new Map<string, ShopProcess>();
  const databaseOf = new Map<string, FreshDatabase>();
  let ports: Record<string, string>;

  /** Starts an app with a new database, or again with the one that it has. */
  const open = async (app: string): Promise<ShopProcess> => {
    if (!databaseOf.has(app)) {
      databaseOf.set(app, await freshDatabase());
      databases.push(databaseOf.get(app)!);
    }
    const own = { PAST: app === 'store-manager' ? 'database' : 'store' };
    const environment = { ...onKafka, ...ports, ...own, APPS: app, DATABASE_URL: databaseOf.get(app)!.url };
    const process = await ShopProcess.start(folder, environment);
    running.set(app, process);
    return process;
  };
  const consumer = async (url: string, name: string): Promise<Status | undefined> =>
    ((await (await fetch(`${url}/admin/consumers`)).json()) as Status[]).find((one) => one.consumer === name);
  const emails = (url: string): Promise<Email[]> => readAll<Email>(`${url}/emails`);

  let at: { store: string; payments: string; coolriel: string };
  beforeAll(async () => {
    const [storePort, paymentsPort, coolrielPort] = [await freePort(), await freePort(), await freePort()];
    ports = {
      STORE_MANAGER_PORT: String(storePort),
      PAYMENTS_PORT: String(paymentsPort),
      COOLRIEL_PORT: String(coolrielPort),
    };
    at = {
      store: (await open('store-manager')).store,
      payments: (await open('payments')).payments,
      coolriel: (await open('coolriel')).coolriel,
    };
  });
  afterAll(async () => {
    await Promise.all([...running.values()].map((process) => process.end('SIGKILL')));
    await removeTopics();
    await Promise.all(databases.map(({ drop }) => drop()));
    await remove();
  });

  it('carry an order and its payment to the e-mails', async () => {
    const id = (await order(at.store, 1, 2))!;
    const link = await linkOf(at.store, id);
    expect((await pay(link!))?.status).toBe(200);

    await eventually(async () =>
      expect((await emails(at.coolriel)).map(({ template, state }) => `${template} ${state}`).toSorted()).toEqual([
        'order-confirmation sent',
        'payment-receipt sent',
      ]),
    );
    const { events, payments } = await readBooks(at);
    // What payments has told stands in its own log.
    expect(events.map(({ type }) => type)).toEqual(['OrderCreated', 'OrderConfirmed', 'OrderPaid']);
    expect(payments).toEqual([expect.objectContaining({ order_id: id, state: 'paid' })]);
  });

  it('do so under load, also when each of them is killed', async () => {
    const customers = new Customers(at.store, 'loaded');
    for (const app of ['payments', 'coolriel']) {
      const before = customers.orders.length;
      await eventually(async () => expect(customers.orders.length).toBeGreaterThan(before + 5));
      await running.get(app)!.end('SIGKILL');
      await open(app);
    }
    await customers.callOff();

    await eventually(async () => {
      const { emails: sent, events, payments, orders } = await readBooks(at);
      const created = events.filter(({ type }) => type === 'OrderCreated').map(({ data }) => data.id);
      expect(payments.map(({ order_id }) => order_id).toSorted()).toEqual(created.toSorted());
      expect(orders.filter(({ payment_link }) => payment_link === null)).toEqual([]);
      const told = events.filter(({ type }) => TOLD.test(type)).length;
      const refunded = payments.filter(({ state }) => state === 'refunded').length;
      expect(sent.filter(({ state }) => state !== 'sent')).toEqual([]);
      expect(sent).toHaveLength(told + refunded);
    }, 120_000);
  });

  it('get what the topics have forgotten from the store, and wait while it is away', async () => {
    const told = (await readBooks(at)).events.filter(({ type }) => TOLD.test(type)).length;
    await forget(onKafka.KAFKA_PREFIX);
    await running.get('coolriel')!.end('SIGTERM');
    await running.get('store-manager')!.end('SIGTERM');
    databaseOf.delete('coolriel');
    await open('coolriel');
    const ofStore = async (): Promise<Email[]> =>
      (await emails(at.coolriel)).filter(({ template }) => template !== 'refund');

    await eventually(async () =>
      expect(await consumer(at.coolriel, 'coolriel')).toMatchObject({
        state: 'paused',
        error: expect.stringMatching(/^the past can not be read at http:.*ECONNREFUSED/),
      }),
    );
    expect(await emails(at.coolriel)).toEqual([]);

    await open('store-manager');
    await eventually(async () => expect(await ofStore()).toHaveLength(told));
    // It goes on with what comes now.
    const id = (await order(at.store, 2))!;
    await linkOf(at.store, id);
    await eventually(async () => {
      expect(await ofStore()).toHaveLength(told + 1);
      expect(await consumer(at.coolriel, 'coolriel')).toMatchObject({ state: 'running', parked_streams: 0 });
    });
  });
});

/** What retention does in time: the topics of the store have none of their messages any more. */
async function forget(prefix: string): Promise<void> {
  const admin = kafkaClient(kafkaBrokers()).admin();
  await admin.connect();
  for (const topic of ['user-events', 'order-events'].map((name) => prefix + name)) {
    const partitions = (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({
      partition,
      offset: high,
    }));
    await admin.deleteTopicRecords({ topic, partitions });
  }
  await admin.disconnect();
}
