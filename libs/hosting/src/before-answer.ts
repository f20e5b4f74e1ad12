import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const works = new WeakMap<FastifyRequest, () => Promise<void>>();

/**
 * Work that the answer to this request waits for, when what it did is committed and was a success: a call to another
 * program, which no unit of work may wait for. With an `Idempotency-Key` the whole route is one unit; this comes after.
 * The answer is out already as far as its caller's data goes, so what is thrown here is lost: catch it.
 */
export const beforeAnswer = (reply: FastifyReply, work: () => Promise<void>): void => {
  works.set(reply.request, work);
};

export function workBeforeAnswers(instance: FastifyInstance): void {
  instance.addHook('onSend', (request, reply, payload, done) => {
    const work = reply.statusCode < 400 ? works.get(request) : undefined;
    if (!work) return done(null, payload);
    work()
      .catch(() => undefined)
      .finally(() => done(null, payload));
  });
}
