import { DatabaseEventBus } from './drivers/database.event-bus'; export const x = DatabaseEventBus;
