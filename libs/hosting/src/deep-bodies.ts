import type { FastifyInstance } from 'fastify';
import { InvalidInput, type ProblemFilter } from './problem';

/** Whatever walks through a body calls itself for each level: one with thousands of them would end the call stack. */
const DEEPEST = 32;

/** Refuses bodies that are nested too deep, before anybody walks through them. */
export function refuseDeepBodies(instance: FastifyInstance, problems: ProblemFilter): void {
  instance.addHook('preValidation', (request, reply, next) => {
    if (!isDeeper(request.body, DEEPEST)) return next();
    const detail = `The body is nested more than ${DEEPEST} levels deep.`;
    return problems.answer(new InvalidInput([{ detail, pointer: '#' }]), request, reply);
  });
}

/** Level by level, without calling itself. */
export function isDeeper(value: unknown, deepest: number): boolean {
  let level = [value];
  for (let depth = 0; depth <= deepest; depth += 1) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}
