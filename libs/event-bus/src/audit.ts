import type { UnitOfWork } from '@magasin/event-log';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What a person did to a consumer or to an e-mail, in the transaction that did it. Nothing is ever deleted here. */
@Entity('audit')
export class AuditEntry {
  @PrimaryGeneratedColumn()
  id: number;

  /** Milliseconds since 1970, UTC. */
  @Column('integer')
  at: number;

  @Column('text')
  who: string;

  @Column('text')
  why: string;

  /** `skip-event`, `send-email-again`… */
  @Column('text')
  action: string;

  /** What it was done to, in words: `coolriel user-6`, `email 12`. */
  @Column('text')
  subject: string;

  /** The event that it concerns, if it concerns one. */
  @Column('text', { nullable: true })
  source: string | null;

  @Column('integer', { nullable: true })
  position: number | null;

  /** The consumer that it concerns, if it concerns one. */
  @Column('text', { nullable: true })
  consumer: string | null;

  /** JSON: what was there before, what is there now. */
  @Column('text', { nullable: true })
  detail: string | null;
}

/** Whoever repairs something says who he is and why he does it. */
export interface Person {
  who: string;
  why: string;
}

export interface Repaired {
  action: string;
  subject: string;
  consumer?: string;
  /** The log and the position of the event. */
  source?: string;
  position?: number;
  detail?: unknown;
}

/** Notes a repair in the unit that does it: it is noted if and only if it was done. */
export async function audit(tx: UnitOfWork, { who, why }: Person, repaired: Repaired): Promise<void> {
  const { action, subject, consumer = null, source = null, position = null, detail } = repaired;
  await tx.rows.insert(AuditEntry, {
    at: Date.now(),
    who,
    why,
    action,
    subject,
    consumer,
    source,
    position,
    detail: detail === undefined ? null : JSON.stringify(detail),
  });
}
