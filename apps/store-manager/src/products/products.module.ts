import { EventBackboneModule } from '@magasin/event-bus';
import { Module } from '@nestjs/common';
import { AddProductHandler } from './commands/add-product';
import { DeleteProductHandler } from './commands/delete-product';
import { Product } from './product';
import { ProductsController } from './products.controller';
import { ListProductsHandler } from './queries/list-products';
import { ReadProductHandler } from './queries/read-product';
import { CreateProducts1764000001100 } from './schema';

@Module({
  imports: [EventBackboneModule.forFeature({ entities: [Product], migrations: [CreateProducts1764000001100] })],
  controllers: [ProductsController],
  providers: [AddProductHandler, DeleteProductHandler, ReadProductHandler, ListProductsHandler],
})
export class ProductsModule {}
