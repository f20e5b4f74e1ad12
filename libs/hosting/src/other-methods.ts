import { HttpException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { ProblemFilter } from './problem';

/**
 * Answers the methods that a known path does not have: OPTIONS with 204, the others with 405, both with `Allow`.
 * Call it before the routes are registered, and what it returns after.
 */
export function watchMethods(instance: FastifyInstance, problems: ProblemFilter): () => void {
  const methodsOf = new Map<string, Set<string>>();
  instance.addHook('onRoute', ({ url: given, method }) => {
    // To the router both spellings are one path.
    const url = given.replace(/(?!^)\/$/, '');
    const methods = methodsOf.get(url) ?? new Set<string>();
    for (const one of [method].flat()) methods.add(one);
    methodsOf.set(url, methods);
  });

  return () => {
    for (const [url, methods] of methodsOf) {
      const allow = [...methods, 'OPTIONS'].toSorted().join(', ');
      instance.route({
        url,
        method: instance.supportedMethods.filter((method) => !methods.has(method)),
        // Before the body is read: a wrong method is told before a wrong body.
        onRequest: async (request, reply) => {
          void reply.header('Allow', allow);
          if (request.method === 'OPTIONS') return reply.status(204).send();
          const detail = `${request.method} is not among the methods of this path: ${allow}.`;
          problems.answer(new HttpException(detail, 405), request, reply);
          return reply;
        },
        handler: () => undefined,
      });
    }
  };
}
