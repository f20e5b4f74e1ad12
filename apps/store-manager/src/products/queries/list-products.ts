import { type Page, toPage } from '@magasin/hosting';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import { Product, type ProductView, viewOf } from '../product';

export class ListProducts extends Query<Page<ProductView>> {
  constructor(
    readonly limit: number,
    /** The last id of the page before. */
    readonly after = 0,
  ) {
    super();
  }
}

@QueryHandler(ListProducts)
export class ListProductsHandler implements IQueryHandler<ListProducts> {
  constructor(@InjectRepository(Product) private readonly products: Repository<Product>) {}

  async execute({ limit, after }: ListProducts): Promise<Page<ProductView>> {
    const found = await this.products.find({ where: { id: MoreThan(after) }, order: { id: 'ASC' }, take: limit + 1 });
    const page = found.slice(0, limit);
    return toPage(page.map(viewOf), found.length > limit ? page[limit - 1].id : undefined);
  }
}
