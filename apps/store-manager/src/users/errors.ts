import { Problem } from '@magasin/hosting';

export class UserEmailTaken extends Problem {
  readonly status = 409;

  constructor(email: string) {
    const detail = `There is a user with the e-mail ${email} already.`;
    super(detail, { errors: [{ detail, pointer: '#/email' }] });
  }
}

export class UnknownUserType extends Problem {
  readonly status = 400;

  constructor(user_type_id: number) {
    const detail = `There is no user type ${user_type_id}. GET /user-types lists them.`;
    super(detail, { errors: [{ detail, pointer: '#/user_type_id' }] });
  }
}

export class UserNotFound extends Problem {
  readonly status = 404;

  constructor(id: number, members?: Record<string, unknown>) {
    super(`There is no user ${id}.`, members);
  }
}
