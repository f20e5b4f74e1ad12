export { StoreManagerModule } from './store-manager.module';
export { StoreManagerSettings } from './settings';
