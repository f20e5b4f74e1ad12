export { StoreManagerModule } from './store-manager.module';
