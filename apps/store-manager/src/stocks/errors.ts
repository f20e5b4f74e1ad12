import { Problem } from '@magasin/hosting';

export class StockNotFound extends Problem {
  readonly status = 404;

  constructor(product_id: number) {
    super(`There is no stock of a product ${product_id}.`);
  }
}

export class UnknownProduct extends Problem {
  readonly status = 400;

  /** All that the request names and nobody knows. */
  constructor(...unknown: { product_id: number; pointer: string }[]) {
    const told = (ids: number[]) => `There is no product ${ids.join(', ')}. GET /products lists them.`;
    const errors = unknown.map(({ product_id, pointer }) => ({ detail: told([product_id]), pointer }));
    super(told([...new Set(unknown.map(({ product_id }) => product_id))]), { errors });
  }
}

/** A product of which more was asked than there is. */
export interface Short {
  product_id: number;
  asked: number;
  available: number;
}

export class StockTooLow extends Problem {
  readonly status = 409;

  constructor(readonly short: Short[]) {
    const products = short.map(
      ({ product_id, asked, available }) => `${asked} of product ${product_id} were asked for, ${available} are there`,
    );
    super(`There is not enough: ${products.join('; ')}. Nothing was taken.`, { short });
  }
}
