import { Problem } from './problem';

/** How long an answer is kept under its key. Published in the API's documents; later the key is as new. */
export const KEY_LIFE_HOURS = 24;

const LONGEST = 255;
// RFC 8941: printable ASCII in quotation marks, where a quotation mark and a backslash are escaped.
const QUOTED = /^"((?:[\x20-\x21\x23-\x5B\x5D-\x7E]|\\["\\])*)"$/;
// What clients send without quotation marks: a UUID, a token, base64.
const BARE = /^[\w!#$%&'*+.^`|~:/=-]+$/;

export class InvalidIdempotencyKey extends Problem {
  readonly status = 400;

  constructor() {
    super(`Idempotency-Key must be one key of 1 to ${LONGEST} printable characters, as "8e03978e-40d5-43dd-bc93".`);
  }
}

export class IdempotencyKeyReused extends Problem {
  readonly status = 422;

  constructor(key: string) {
    super(
      `The Idempotency-Key ${JSON.stringify(key)} was used for another request. Another request needs another key.`,
    );
  }
}

export class IdempotencyKeyInUse extends Problem {
  readonly status = 409;
  override readonly headers = { 'Retry-After': '1' };

  constructor(key: string) {
    super(
      `The request with the Idempotency-Key ${JSON.stringify(key)} is still being worked on. Ask again in a moment.`,
    );
  }
}

/**
 * The key in the header, with or without its quotation marks: both spellings are one key.
 * @throws InvalidIdempotencyKey
 */
export function parseIdempotencyKey(header: string | string[]): string {
  const text = String(header);
  const quoted = QUOTED.exec(text)?.[1].replaceAll(/\\(.)/g, '$1');
  const key = quoted ?? (BARE.test(text) ? text : '');
  if (key.length < 1 || key.length > LONGEST) throw new InvalidIdempotencyKey();
  return key;
}
