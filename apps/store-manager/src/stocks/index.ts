export { SetStock } from './commands/set-stock';
export { type Short, StockTooLow, UnknownProduct } from './errors';
export { returnStock } from './return-stock';
export { Stock } from './stock';
export { StocksModule } from './stocks.module';
export { inProductOrder, takeStock } from './take-stock';
