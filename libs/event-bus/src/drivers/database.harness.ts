import { files, server, type TestDatabases } from '@magasin/event-log/testing';
import type { EventBusHarness } from '../contract/scene';

const harnessOf = (databases: TestDatabases): EventBusHarness => ({
  create: async () => ({ url: databases.create() }),
  remove: ({ url }) => databases.remove(url),
});

/** For specs: each database is a file on disk, in a folder of its own. */
export const databaseHarness = harnessOf(files);

/** For specs: each is a database of its own on a MariaDB. There the relay keeps a lease, and looks for others' commits. */
export const serverHarness: EventBusHarness = { ...harnessOf(server), crashEvery: 2, idleStatements: 12 };
