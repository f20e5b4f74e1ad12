import { StoreManagerModule } from '../../store-manager/src';

export const hosted = StoreManagerModule;
