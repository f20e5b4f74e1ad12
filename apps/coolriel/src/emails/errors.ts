import { Problem } from '@magasin/hosting';

export class EmailNotFound extends Problem {
  readonly status = 404;

  constructor(id: number) {
    super(`There is no e-mail ${id}.`);
  }
}
