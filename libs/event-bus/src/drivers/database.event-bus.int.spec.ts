import { onBothDatabases, files } from '@magasin/event-log/testing';
import { eventBusContract } from '../event-bus.contract';
import { databaseHarness, serverHarness } from './database.harness';

onBothDatabases('The database driver', (databases) =>
  eventBusContract('database driver', databases === files ? databaseHarness : serverHarness),
);
