import { Problem } from '@magasin/hosting';

export class StockNotFound extends Problem {
  readonly status = 404;

  constructor(product_id: number) {
    super(`There is no stock of a product ${product_id}.`);
  }
}

export class UnknownProduct extends Problem {
  readonly status = 400;

  constructor(product_id: number, pointer = '#/product_id') {
    const detail = `There is no product ${product_id}. GET /products lists them.`;
    super(detail, { errors: [{ detail, pointer }] });
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
