// What collection.json names.
export { command } from './command';
export { email } from './email';
export { event } from './event';
export { moduleSchematic } from './module';
export { projection } from './projection';
export { query } from './query';
export { reaction } from './reaction';
