export { AddProduct } from './commands/add-product';
export { DeleteProduct } from './commands/delete-product';
export { ProductNotFound, ProductOrdered } from './errors';
export { findProducts } from './find-products';
export { type Product, type ProductView, toPrice } from './product';
export { ProductsModule } from './products.module';
export { ReadProduct } from './queries/read-product';
export { PRODUCT_SEEDS } from './seeds';
