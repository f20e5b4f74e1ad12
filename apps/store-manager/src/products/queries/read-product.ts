import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ProductNotFound } from '../errors';
import { Product, type ProductView, viewOf } from '../product';

export class ReadProduct extends Query<ProductView> {
  constructor(readonly id: number) {
    super();
  }
}

@QueryHandler(ReadProduct)
export class ReadProductHandler implements IQueryHandler<ReadProduct> {
  constructor(@InjectRepository(Product) private readonly products: Repository<Product>) {}

  async execute({ id }: ReadProduct): Promise<ProductView> {
    const product = await this.products.findOneBy({ id });
    if (!product) throw new ProductNotFound(id);
    return viewOf(product);
  }
}
