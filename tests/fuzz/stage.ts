import Sqlite from 'better-sqlite3';
import { poison } from '../../scripts/poison.cjs';
import { eventually, readAll, shopFolder, ShopProcess, writeUser } from '../shop-process';
import { Customer } from './customer';
import { FIRST_USERS } from './told-shop';

/** As the documents' examples say: event 7 of this log is parked, and it is of the stream of user 6. */
const LOG = '5f0c2a4e-1b3d-4c5e-8f7a-9b0c1d2e3f4a';
const FIRST_USER = 6;
const POISONED = 7;

const PARKED = "consumer = 'coolriel' AND stream = 'user-6'";

/** How the store and payments hear of each other: by events alone, or by calls as well. */
export type Mode = 'async' | 'sync';

export interface Stage {
  shop: ShopProcess;
  customer: Customer;
  database: string;
  /** Makes true again what the documents' examples say, where a request has changed it. */
  restore(): void;
  remove(): Promise<void>;
}

/** A running shop in which the examples of its documents exist: requests that are nearly well come far. */
export async function openStage(mode: Mode): Promise<Stage> {
  const { folder, remove } = shopFolder();
  const database = `${folder}/data/magasin.sqlite`;
  await (await ShopProcess.start(folder)).end('SIGTERM');
  const stranger = new Sqlite(database, { timeout: 5_000 });
  stranger.exec(`UPDATE log_identity SET id = '${LOG}'; DELETE FROM consumer_progress`);
  const shop = await ShopProcess.start(folder, { EDIT_PARKED_EVENTS: 'on', PAYMENTS_MODE: mode });
  for (let n = FIRST_USER; n < FIRST_USER + POISONED - 1; n++) {
    await writeUser(shop.store, { name: `User ${n}`, email: `user${n}@example.com`, user_type_id: 1 });
  }
  expect(await poison(database, `user-${FIRST_USER}`, '{"event":"UserCreated","id":6}')).toBe(POISONED);
  // It wakes the consumer.
  await writeUser(shop.store, { name: 'Wakes', email: 'wakes@example.com', user_type_id: 1 });
  await eventually(async () => {
    expect(await (await fetch(`${shop.store}/admin/parked`)).json()).toHaveLength(1);
    const emails = await readAll<{ state: string }>(`${shop.coolriel}/emails`);
    expect(emails.map(({ state }) => state)).toEqual(Array(POISONED).fill('sent'));
  });
  const customer = new Customer(shop);
  await customer.furnish();

  const parkedEvent = stranger.prepare(`SELECT * FROM parked_event WHERE ${PARKED}`).get() as object;
  const parkedStream = stranger.prepare(`SELECT * FROM parked_stream WHERE ${PARKED}`).get() as object;
  const write = (table: string, row: object, or = 'REPLACE'): void => {
    const columns = Object.keys(row);
    const values = columns.map((name) => `@${name}`).join();
    stranger.prepare(`INSERT OR ${or} INTO ${table} (${columns.join()}) VALUES (${values})`).run(row);
  };
  const restore = stranger.transaction(() => {
    write('parked_event', parkedEvent);
    const waiting = stranger.prepare(`SELECT count(*) FROM parked_event WHERE ${PARKED}`).pluck().get();
    // It waits for a person: its retries are not to disturb.
    write('parked_stream', { ...parkedStream, waiting, next_attempt_at: null, error_key: '0a1b2c3d4e5f6071' });
    stranger.exec(`UPDATE email SET state = 'failed', error = '550 No such user here' WHERE id = ${FIRST_USER}`);
    // Whoever orders in the examples.
    for (const user of FIRST_USERS) write('users', user, 'IGNORE');
  });
  restore.immediate();

  return {
    shop,
    customer,
    database,
    restore: () => restore.immediate(),
    remove: async () => {
      stranger.close();
      await shop.end('SIGTERM');
      await remove();
    },
  };
}
