import { Problem } from '@magasin/hosting';

export class SkuTaken extends Problem {
  readonly status = 409;

  constructor(sku: string) {
    const detail = `There is a product with the SKU ${sku} already.`;
    super(detail, { errors: [{ detail, pointer: '#/sku' }] });
  }
}

export class ProductNotFound extends Problem {
  readonly status = 404;

  constructor(id: number, members?: Record<string, unknown>) {
    super(`There is no product ${id}.`, members);
  }
}

export class ProductOrdered extends Problem {
  readonly status = 409;

  constructor(id: number) {
    super(`The product ${id} is in an order, whose lines name it. It can not be deleted.`, { deleted: false });
  }
}
