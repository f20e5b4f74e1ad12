import { usersTables } from './users';

export { StoreManagerModule } from './store-manager.module';
export { StoreManagerSettings } from './settings';
export const storeManagerTables = usersTables;
