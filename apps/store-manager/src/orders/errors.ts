import { Problem } from '@magasin/hosting';

export class UnknownUser extends Problem {
  readonly status = 400;

  constructor(user_id: number) {
    const detail = `There is no user ${user_id}. GET /users lists them.`;
    super(detail, { errors: [{ detail, pointer: '#/user_id' }] });
  }
}

export class TotalTooLarge extends Problem {
  readonly status = 400;

  constructor() {
    const detail = 'The order comes to more than 9999999999.99. Make several of it.';
    super(detail, { errors: [{ detail, pointer: '#/items' }] });
  }
}

export class OrderNotFound extends Problem {
  readonly status = 404;

  constructor(id: number, members?: Record<string, unknown>) {
    super(`There is no order ${id}.`, members);
  }
}

export class OrderStaysPaid extends Problem {
  readonly status = 409;

  constructor(id: number) {
    super(`The order ${id} is paid, and stays so. To give the money back, delete it.`);
  }
}

export class OrderHasNoPayment extends Problem {
  readonly status = 409;

  constructor(id: number) {
    super(`The order ${id} has no payment yet by which it could be paid. Ask again when it has its payment_link.`);
  }
}
