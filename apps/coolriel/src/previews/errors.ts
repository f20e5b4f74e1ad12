import { Problem } from '@magasin/hosting';

export class PreviewNotFound extends Problem {
  readonly status = 404;

  constructor(name: string, sample?: string) {
    super(`There is no e-mail ${name}${sample === undefined ? '' : ` with a sample ${sample}`}.`);
  }
}
