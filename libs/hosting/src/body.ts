import { HttpException } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** What goes through a body level by level calls itself, and would run out of stack. No body here has ten. */
const DEEPEST = 100;

/** For preValidation. @throws HttpException */
export async function refuseDeepBody({ body }: FastifyRequest): Promise<void> {
  let level = [body].filter(isNested);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > DEEPEST) throw new HttpException(`The body is nested deeper than ${DEEPEST} levels.`, 400);
    level = level.flatMap((value) => Object.values(value).filter(isNested));
  }
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;
