import { StoreManagerModule } from '../store-manager.module';

export const known = StoreManagerModule;
