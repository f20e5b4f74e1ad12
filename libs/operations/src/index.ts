// What people need to run an app: is it well, how is it doing, and what can be repaired. One lib for all apps.
export { AdminModule, type AdminOptions } from './admin.module';
export { AppHealth, type HealthReport, type HealthOptions } from './health';
export { HealthModule } from './health.module';
export { MetricsModule } from './metrics.module';
export { OperationsModule, type OperationsOptions } from './operations.module';
export * from './person-input';
