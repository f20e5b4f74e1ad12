import { type EventLog, isLockTimeout, isUniqueViolation, type UnitOfWork } from '@magasin/event-log';
import { Column, Entity, LessThanOrEqual, PrimaryColumn } from 'typeorm';
import { IdempotencyKeyInUse, IdempotencyKeyReused, KEY_LIFE_HOURS } from './idempotency-key';

/** What a keyed request was answered. Committed with what the request changed, or not at all. */
@Entity('keyed_answer')
export class KeyedAnswer {
  /** The app and its route: `store-manager POST /users`. One key may be used on two routes. */
  @PrimaryColumn('text')
  route: string;

  @PrimaryColumn('text')
  idempotency_key: string;

  /** Of the path and the body: the key stands for one request. */
  @Column('text')
  fingerprint: string;

  /** Milliseconds since 1970, UTC. */
  @Column('integer')
  expires_at: number;

  @Column('integer')
  status: number;

  /** Those that the route has set, as JSON: `{"location":"/users/6"}`. */
  @Column('text')
  headers: string;

  @Column('text')
  body: string;
}

export type KeyedRequest = Pick<KeyedAnswer, 'route' | 'idempotency_key' | 'fingerprint'>;
export type Answer = Pick<KeyedAnswer, 'status' | 'headers' | 'body'>;

const NO_ANSWER: Answer = { status: 0, headers: '', body: '' };
/** After so many new keys twice as many expired ones are removed: the table shrinks as long as it has any. */
const SWEEP_EVERY = 64;

/** The answers kept under their keys, in the database of what they answer. */
export class IdempotencyStore {
  private kept = 0;

  constructor(private readonly log: EventLog) {}

  /** Does the work once, in one unit with its key. Later requests with the key get the answer of the first. */
  once(request: KeyedRequest, work: () => Promise<Answer>): Promise<{ answer: Answer; replayed: boolean }> {
    return this.log.transaction(async (tx) => {
      const kept = await claim(tx, request);
      if (kept) return { answer: kept, replayed: true };
      const answer = await work();
      const { route, idempotency_key } = request;
      await tx.rows.update(KeyedAnswer, { route, idempotency_key }, answer);
      tx.afterCommit(() => {
        this.kept += 1;
        if (this.kept % SWEEP_EVERY === 0) void this.sweep();
      });
      return { answer, replayed: false };
    });
  }

  /** In a unit of its own: the rows of strangers are no business of a caller's, nor is a failure here. */
  private async sweep(): Promise<void> {
    await this.log
      .transaction(async (tx) => {
        const expired = await tx.rows.find(KeyedAnswer, {
          select: { route: true, idempotency_key: true },
          where: { expires_at: LessThanOrEqual(Date.now()) },
          order: { expires_at: 'ASC' },
          take: 2 * SWEEP_EVERY,
        });
        for (const { route, idempotency_key } of expired) await tx.rows.delete(KeyedAnswer, { route, idempotency_key });
      }, 'consumer')
      // The next sweep finds them again.
      .catch(() => undefined);
  }
}

/**
 * Takes the key for this unit, or finds the answer that it has. When another unit has just taken it, the insert waits
 * in the database for how that one ends.
 *
 * @throws IdempotencyKeyReused, IdempotencyKeyInUse
 */
async function claim(tx: UnitOfWork, request: KeyedRequest): Promise<Answer | undefined> {
  const { fingerprint, ...key } = request;
  const now = Date.now();
  const fresh = { ...request, ...NO_ANSWER, expires_at: now + KEY_LIFE_HOURS * 3_600_000 };
  try {
    await tx.rows.insert(KeyedAnswer, fresh);
    return undefined;
  } catch (error) {
    if (isLockTimeout(error)) throw new IdempotencyKeyInUse(key.idempotency_key);
    if (!isUniqueViolation(error)) throw error;
  }
  // A look first: of many that have waited for the same key, none but that of an expired one needs the row for itself.
  const answer = await tx.rows.findOneBy(KeyedAnswer, key);
  if (!answer) return claim(tx, request);
  if (answer.expires_at <= now) {
    const expired = await tx.rows.update(KeyedAnswer, { ...key, expires_at: LessThanOrEqual(now) }, fresh);
    return expired.affected ? undefined : claim(tx, request);
  }
  if (answer.fingerprint !== fingerprint) throw new IdempotencyKeyReused(key.idempotency_key);
  return answer;
}
