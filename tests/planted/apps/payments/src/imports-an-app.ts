import { StoreManagerModule } from '../../store-manager/src'; export const x = StoreManagerModule;
