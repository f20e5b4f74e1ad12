import { randomUUID } from 'node:crypto';
import { type Backbone, openBackbone } from '@magasin/event-bus';
import { onBothDatabases } from '@magasin/event-bus/testing';
import { dialectOf } from '@magasin/event-log';
import { hostingTables } from '@magasin/hosting';
import type { EntityMetadata } from 'typeorm';
import { CoolrielModule } from '../../coolriel/src';
import { PaymentsModule } from '../../payments/src';
import { StoreManagerModule } from '../../store-manager/src';

const MEGABYTE = 1024 * 1024;
/** Of four bytes in UTF-8, two units in JavaScript, and one character. */
const SHELL = '🐚';

/** The longest that each column may be given; what has no limit of its own is here by what an event can hold. */
const LONGEST: Record<string, Record<string, string>> = {
  users: { name: SHELL.repeat(100), email: 'é'.repeat(150) },
  products: { name: SHELL.repeat(150), sku: SHELL.repeat(64) },
  keyed_answer: { route: 'r'.repeat(255), idempotency_key: 'k'.repeat(255), body: SHELL.repeat(MEGABYTE / 4) },
  parked_stream: {
    consumer: 'c'.repeat(100),
    source: 's'.repeat(300),
    stream: SHELL.repeat(255),
    error: SHELL.repeat(300),
  },
  parked_event: { source: 's'.repeat(300), delivery: SHELL.repeat(MEGABYTE / 4) },
  parked_attempt: { error: SHELL.repeat(4_000) },
  consumer_progress: { consumer: 'c'.repeat(100), topic: 't'.repeat(249) },
  audit: {
    who: SHELL.repeat(100),
    why: SHELL.repeat(500),
    subject: SHELL.repeat(500),
    detail: SHELL.repeat(MEGABYTE / 4),
  },
  orders: { user_name: SHELL.repeat(100), user_email: 'é'.repeat(150), payment_link: `http://${'l'.repeat(500_000)}` },
  email: {
    event_id: 'e'.repeat(300),
    recipient: 'é'.repeat(320),
    html: SHELL.repeat(MEGABYTE / 4),
    error: SHELL.repeat(500),
  },
};

onBothDatabases('The tables of the shop', (databases) => {
  let url: string;
  let backbone: Backbone;
  const open = (): Promise<Backbone> =>
    openBackbone({ url, ...hostingTables, modules: [StoreManagerModule, PaymentsModule, CoolrielModule] });
  beforeEach(async () => {
    url = databases.create();
    backbone = await open();
  });
  afterEach(async () => {
    await backbone.log.close();
    await databases.remove(url);
  });

  const tables = (): EntityMetadata[] => backbone.log.reading.entityMetadatas;
  const contents = async () => {
    const { manager } = backbone.log.reading;
    return Promise.all(tables().map(async ({ target, tableName }) => [tableName, await manager.find(target)]));
  };

  it('have every column that their entities name', async () => {
    expect(tables().length).toBeGreaterThan(20);
    expect(Object.fromEntries(await contents())).toMatchObject({
      user_types: [{ id: 1 }, { id: 2 }, { id: 3 }],
      email: [],
    });
  });

  it('are what they were when the migrations ran again, as after a kill between two statements', async () => {
    const before = await contents();
    if (dialectOf(backbone.log.reading) === 'sqlite') return;
    await backbone.log.transaction(({ rows }) => rows.query('DELETE FROM migrations'));
    await backbone.log.close();

    backbone = await open();

    expect(await contents()).toEqual(before);
  });

  it.each(Object.keys(LONGEST))('hold what may be written to %s, to the letter', async (table) => {
    const metadata = tables().find(({ tableName }) => tableName === table)!;
    const value = (name: string, type: unknown): unknown =>
      LONGEST[table][name] ?? (type === 'text' ? randomUUID().slice(0, 16) : type === 'boolean' ? false : 1);
    const row = Object.fromEntries(
      metadata.columns
        .filter(
          ({ isGenerated, isInsert, isNullable, propertyName }) =>
            isInsert && !isGenerated && (!isNullable || propertyName in LONGEST[table]),
        )
        .map(({ propertyName, type }) => [propertyName, value(propertyName, type)]),
    );

    await backbone.log.transaction((tx) => tx.rows.insert(metadata.target, { ...row }));

    const rows = await backbone.log.reading.manager.find<object>(metadata.target);
    expect(rows.at(-1)).toMatchObject(row);
  });
});
