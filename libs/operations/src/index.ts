// What people need to run an app: is it well, how is it doing, and what can be repaired. One lib for all apps.
export { AppHealth, type Health, type HealthOptions } from './health';
export { HealthModule } from './health.module';
export { MetricsModule } from './metrics.module';
export * from './person-input';
