import { type Page, Paged, PageQuery, ParseId, Problems } from '@magasin/hosting';
import { Body, Controller, Delete, Get, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AddProduct, ProductAdded } from './commands/add-product';
import { DeleteProduct, ProductIsDeleted } from './commands/delete-product';
import { ProductNotFound, ProductOrdered, SkuTaken } from './errors';
import { ProductView } from './product';
import { ListProducts } from './queries/list-products';
import { ReadProduct } from './queries/read-product';

const LOCATION = { Location: { description: 'Where the product is read.', schema: { type: 'string' as const } } };

@Controller('products')
export class ProductsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Add a product' })
  @ApiCreatedResponse({ type: ProductAdded, headers: LOCATION })
  @Problems(new SkuTaken('MS11111'))
  async add(@Body() command: AddProduct, @Res({ passthrough: true }) reply: FastifyReply): Promise<ProductAdded> {
    const added = await this.commands.execute(command);
    void reply.header('Location', `/products/${added.product_id}`);
    return added;
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a product' })
  @ApiOkResponse({ type: ProductView })
  @Problems(new ProductNotFound(6))
  read(@Param('id', ParseId) id: number): Promise<ProductView> {
    return this.queries.execute(new ReadProduct(id));
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Delete a product and its stock' })
  @ApiOkResponse({ type: ProductIsDeleted })
  @Problems(new ProductNotFound(6, { deleted: false }), new ProductOrdered(6))
  delete(@Param('id', ParseId) id: number): Promise<ProductIsDeleted> {
    return this.commands.execute(new DeleteProduct(id));
  }

  @Get()
  @ApiOperation({ summary: 'List the products, by id' })
  @Paged(ProductView)
  list(@Query() { limit, place }: PageQuery): Promise<Page<ProductView>> {
    return this.queries.execute(new ListProducts(limit, place));
  }
}
