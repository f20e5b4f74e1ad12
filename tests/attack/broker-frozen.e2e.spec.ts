import { setTimeout as delay } from 'node:timers/promises';
import { type BookEvent, faultsOfTheBooks } from '../books';
import { needs } from '../needs';
import { type OwnServer, ownKafka } from '../services';
import { eventually, readAll, shopFolder, ShopProcess, writeUser } from '../shop-process';
import { faultsOfTheTopics, readTopics } from './topics';

/** Longer than the session of a member of a group, and than any request to a broker. */
const FROZEN_MS = 20_000;
/** After so many seconds an app whose events wait is not ready. */
const LAG_SECONDS = 3;
const PREFIX = 'frozen-';

interface Health {
  status: string;
  reasons: string[];
  checks: { relay: { details: { state: string } } };
}

jest.setTimeout(180_000);

needs('java', 'maven')('A shop whose Kafka is frozen for longer than anybody waits', () => {
  const { folder, remove } = shopFolder();
  let kafka: OwnServer;
  let shop: ShopProcess;
  let writing = true;
  beforeAll(async () => {
    kafka = await ownKafka();
    const onKafka = { EVENT_BUS: 'kafka', KAFKA_BROKERS: kafka.address, KAFKA_PREFIX: PREFIX };
    shop = await ShopProcess.start(folder, { ...onKafka, READY_LAG_SECONDS: String(LAG_SECONDS) });
  });
  afterAll(async () => {
    writing = false;
    await shop?.end('SIGKILL');
    await kafka?.signal('SIGCONT');
    await kafka?.remove();
    await remove();
  });

  const health = async (): Promise<Health> => (await (await fetch(`${shop.store}/health`)).json()) as Health;

  it('takes orders all the same, says what waits, and loses, doubles and reorders nothing', async () => {
    const statuses: (number | undefined)[] = [];
    const write = async (): Promise<void> => {
      while (writing) {
        const email = `user${statuses.length}@example.com`;
        const answer = await writeUser(shop.store, { name: 'Ada', email, user_type_id: 1 });
        statuses.push(answer?.status);
        await delay(20);
      }
    };
    const writes = write();
    await eventually(async () => {
      expect(await readAll(`${shop.coolriel}/emails`)).not.toEqual([]);
      expect(await health()).toMatchObject({ status: 'up' });
    });

    await kafka.signal('SIGSTOP');
    const thawed = delay(FROZEN_MS).then(() => kafka.signal('SIGCONT'));
    const before = statuses.length;
    // Before it thaws.
    await eventually(async () => {
      const { status, reasons } = await health();
      expect(status).toBe('down');
      expect(reasons).toContainEqual(
        expect.stringMatching(/^the relay is behind on user-events: .* waited \d+ s: no answer for \d+ s$/),
      );
      expect(reasons).toContainEqual(expect.stringMatching(/^consumer coolriel is behind: /));
    }, FROZEN_MS - 2_000);
    const meanwhile = await health();
    await thawed;
    expect(statuses.length).toBeGreaterThan(before);

    await eventually(async () => expect(await health()).toMatchObject({ status: 'up', reasons: [] }));
    writing = false;
    await writes;
    expect(new Set(statuses)).toEqual(new Set([201]));
    expect(meanwhile.checks.relay.details.state).toBe('leading');
    await eventually(async () => {
      expect(await readAll(`${shop.store}/events`)).toHaveLength(statuses.length);
      expect(await faultsOfTheBooks(shop)).toEqual([]);
    });
    const events = await readAll<BookEvent>(`${shop.store}/events`);
    const { again, ...faults } = faultsOfTheTopics(await readTopics(kafka.address, PREFIX), events);
    expect(faults).toEqual({ lost: [], doubled: [], reordered: [] });
    process.stdout.write(`${events.length} events, ${again} of them twice on the topics\n`);
    expect(await shop.end('SIGTERM')).toBe(0);
  });
});
