import { eventBusContract } from '../event-bus.contract';
import { databaseHarness } from './database.harness';

eventBusContract('database driver', databaseHarness);
