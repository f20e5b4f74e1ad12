import { Problem } from '@magasin/hosting';
import type { EmailState } from './email';

export class EmailNotFound extends Problem {
  readonly status = 404;

  constructor(id: number) {
    super(`There is no e-mail ${id}.`);
  }
}

/** A person decides about what is `failed` or `unknown`; everything else is still, or already, decided. */
export class EmailNotInDoubt extends Problem {
  readonly status = 409;

  constructor(id: number, state: EmailState) {
    super(`E-mail ${id} is ${state}: only one that is failed or unknown can be sent again or marked as sent.`, {
      state,
    });
  }
}

/** A copy of what is yet to be sent would be a second e-mail. */
export class EmailNotSentYet extends Problem {
  readonly status = 409;

  constructor(id: number, state: EmailState) {
    super(`E-mail ${id} is ${state}: it will be sent, so there is nothing to send once more.`, { state });
  }
}

/** So that a double click sends one copy. */
export class EmailResentAlready extends Problem {
  readonly status = 409;

  constructor(id: number, copy: number) {
    super(`E-mail ${id} was sent once more as e-mail ${copy}. To have it sent yet again, resend that one.`, {
      email_id: copy,
    });
  }
}
