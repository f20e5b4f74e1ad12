export { type Short, StockTooLow, UnknownProduct } from './errors';
export { returnStock } from './return-stock';
export { type Stock } from './stock';
export { StocksModule } from './stocks.module';
export { takeStock } from './take-stock';
