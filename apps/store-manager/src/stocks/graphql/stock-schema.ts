import { toId } from '@magasin/hosting';
import type { QueryBus } from '@nestjs/cqrs';
import { GraphQLFloat, GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { ProductNotFound, type ProductView, ReadProduct } from '../../products';
import { StockNotFound } from '../errors';
import { ReadStock } from '../queries/read-stock';

/** What the resolvers are given. */
export interface Asked {
  queries: QueryBus;
}

const text = new GraphQLNonNull(GraphQLString);

const Product = new GraphQLObjectType<ProductView, Asked>({
  name: 'Product',
  fields: {
    id: { type: GraphQLInt },
    name: { type: GraphQLString },
    sku: { type: GraphQLString },
    price: { type: GraphQLFloat },
    quantity: {
      description: 'How many units are in stock.',
      type: GraphQLInt,
      resolve: ({ id }, _args, { queries }) => stockLevel(queries, String(id)),
    },
  },
});

/** The schema of the system before: its ids are text. */
export const stockSchema = new GraphQLSchema({
  query: new GraphQLObjectType<unknown, Asked>({
    name: 'Query',
    fields: {
      product: {
        description: 'A product; null when there is none.',
        type: Product,
        args: { id: { type: text } },
        resolve: (_root, { id }: { id: string }, { queries }) => product(queries, id),
      },
      stockLevel: {
        description: 'How many units of a product are in stock; 0 when there is no such product.',
        type: GraphQLInt,
        args: { productId: { type: text } },
        resolve: (_root, { productId }: { productId: string }, { queries }) => stockLevel(queries, productId),
      },
    },
  }),
});

async function product(queries: QueryBus, given: string): Promise<ProductView | null> {
  const id = toId(given);
  if (id === undefined) return null;
  return queries.execute(new ReadProduct(id)).catch((error: unknown) => {
    if (error instanceof ProductNotFound) return null;
    throw error;
  });
}

async function stockLevel(queries: QueryBus, given: string): Promise<number> {
  const product_id = toId(given);
  if (product_id === undefined) return 0;
  const { quantity } = await queries.execute(new ReadStock(product_id)).catch((error: unknown) => {
    if (error instanceof StockNotFound) return { quantity: 0 };
    throw error;
  });
  return quantity;
}
