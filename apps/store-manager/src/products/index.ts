export { AddProduct } from './commands/add-product';
export { DeleteProduct } from './commands/delete-product';
export { ProductNotFound } from './errors';
export { type ProductView, toPrice } from './product';
export { ProductsModule } from './products.module';
export { ReadProduct } from './queries/read-product';
export { PRODUCT_SEEDS } from './seeds';
