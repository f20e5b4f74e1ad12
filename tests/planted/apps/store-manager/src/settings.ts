export class StoreManagerSettings {}
