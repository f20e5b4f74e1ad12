import { HttpException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** What goes through a body level by level calls itself, and would run out of stack. No body here has ten. */
const DEEPEST = 100;

/**
 * For preParsing. Nobody unpacks a body here: read as it is, a gzip is no JSON, and text that only says so would be taken.
 * @throws HttpException
 */
export async function refuseEncodedBody({ headers }: FastifyRequest): Promise<void> {
  const { 'content-encoding': encoding = 'identity' } = headers;
  const hasBody = Number(headers['content-length']) > 0 || headers['transfer-encoding'] !== undefined;
  if (hasBody && encoding.toLowerCase() !== 'identity')
    throw new HttpException(`A body with Content-Encoding: ${encoding} is not taken: send it as it is.`, 415);
}

/** For preValidation. @throws HttpException */
export async function refuseDeepBody({ body }: FastifyRequest): Promise<void> {
  let level = [body].filter(isNested);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > DEEPEST) throw new HttpException(`The body is nested deeper than ${DEEPEST} levels.`, 400);
    level = level.flatMap((value) => Object.values(value).filter(isNested));
  }
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
