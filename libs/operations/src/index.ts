// What people need to run an app: is it well, how is it doing, and what can be repaired. One lib for all apps.
export * from './person-input';
export { AdminModule, type AdminOptions } from './admin.module';
