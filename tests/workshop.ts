import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { UserCreated } from '@magasin/contracts';
import { on, openBackbone } from '@magasin/event-bus';
import { closeApp, hostingTables, openLog, serve } from '@magasin/hosting';
import { StoreManagerModule, StoreManagerSettings } from '../apps/store-manager/src';
import { shopFolder } from './shop-process';

/** After one failure it waits for a person, so that nothing is tried by itself. */
const NO_RETRIES = { firstDelayMs: 1, longestDelayMs: 1, limit: 1 };

/**
 * The store with a consumer of our own, `letters`: it writes a letter to each new user unless his is jammed, its effects
 * are keyed by event, and it can be rebuilt.
 */
export async function openWorkshop() {
  const { folder, remove } = shopFolder();
  const { log, bus } = await openBackbone({
    url: `sqlite:${join(folder, 'data', 'workshop.sqlite')}`,
    timeZone: 'UTC',
    retries: NO_RETRIES,
    ...hostingTables,
    modules: [StoreManagerModule],
  });
  /** The letters that exist, by the position of their event. */
  const written = new Map<number, string>();
  const jammed = new Set<number>();
  bus.subscribe({
    name: 'letters',
    handlers: [
      on(UserCreated, async ({ id, email }, _tx, { position }) => {
        if (jammed.has(id)) throw new Error(`The printer is jammed with letter ${id}.`);
        written.set(position, email);
      }),
    ],
    preview: async (event, { position }) =>
      written.has(position) ? [] : [{ template: 'letter', recipient: (event as UserCreated).email }],
    discard: async () => true,
  });
  const app = await serve(StoreManagerModule.with({ log, bus }, new StoreManagerSettings()), {
    host: 'localhost',
    port: 0,
    setting: 'NONE',
    log: openLog('silent', 'workshop'),
  });
  await bus.start();

  return {
    url: `http://localhost:${(app.getHttpServer().address() as AddressInfo).port}`,
    written,
    jammed,
    /** Records that a user was created, be there one or not. */
    record: (...ids: number[]): Promise<void> =>
      log.transaction(async (tx) => {
        for (const id of ids) {
          tx.record(UserCreated.of({ id, name: `User ${id}`, email: `user${id}@example.com`, user_type_id: 1 }));
        }
      }),
    remove: async (): Promise<void> => {
      await bus.stop();
      await closeApp(app);
      await log.close();
      await remove();
    },
  };
}

export type Workshop = Awaited<ReturnType<typeof openWorkshop>>;
