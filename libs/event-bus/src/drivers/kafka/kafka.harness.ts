import { files, server, type TestDatabases } from '@magasin/event-log/testing';
import { type OwnBrokers, ownBrokers, removeAll } from '../../contract/brokers';
import type { EventBusHarness } from '../../contract/scene';

/** Each database has topics and groups of its own on the broker. */
const harnessOn = (databases: TestDatabases): EventBusHarness => ({
  create: async () => ({ url: databases.create(), kafka: ownBrokers() }),
  remove: async ({ url, kafka }) => {
    await removeAll(kafka as OwnBrokers);
    await databases.remove(url);
  },
  crashEvery: 8,
  // With what kafkajs has fetched, a MB for each partition; all messages with their headers would be hundreds.
  mostMb: 100,
  // The lease, and looking for what other processes commit.
  idleStatements: 12,
});

/** For specs: each database is a file. */
export const kafkaHarness = harnessOn(files);

/** For specs: each is a database of its own on a MariaDB. */
export const kafkaServerHarness = harnessOn(server);
