import { Problem } from '@magasin/hosting';

export class EventNotFound extends Problem {
  readonly status = 404;

  constructor(key: number | string) {
    super(`There is no event ${key} in this log.`);
  }
}

export class StreamNotFound extends Problem {
  readonly status = 404;

  constructor(stream: string) {
    super(`There is no stream ${stream} in this log.`);
  }
}
