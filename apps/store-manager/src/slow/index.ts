export { SlowModule } from './slow.module';
