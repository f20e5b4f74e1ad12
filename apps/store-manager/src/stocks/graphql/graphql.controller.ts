import { TakesNoKey } from '@magasin/hosting';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { GraphqlAnswer, GraphqlQuery } from './graphql-query';

@Controller('stocks/graphql-query')
export class GraphqlController {
  constructor(private readonly queries: QueryBus) {}

  @Post()
  @HttpCode(200)
  @TakesNoKey()
  @ApiOperation({
    summary: 'Ask for products and their stock by GraphQL',
    description: '`product(id: String!): {id name sku price quantity}` and `stockLevel(productId: String!): Int`.',
  })
  @ApiOkResponse({ type: GraphqlAnswer })
  ask(@Body() query: GraphqlQuery): Promise<GraphqlAnswer> {
    return this.queries.execute(query);
  }
}
