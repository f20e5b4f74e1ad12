import { audit, type Person } from '@magasin/event-bus';
import { EventLog, forUpdate, type UnitOfWork } from '@magasin/event-log';
import { Injectable } from '@nestjs/common';
import { And, In, LessThanOrEqual, MoreThan } from 'typeorm';
import { copyOf } from './compose';
import { Email, IN_DOUBT, type InDoubt } from './email';
import { EmailQueue } from './email-queue';
import { EmailNotFound, EmailNotInDoubt, EmailNotSentYet, EmailResentAlready } from './errors';
import { hurry } from './recipient-line';
import { EmailSender } from './sender';

const GROUP_STEP = 100;

/** What the audit calls an e-mail. */
export const subjectOf = (id: number): string => `email ${id}`;

export interface Group {
  state: InDoubt;
  /** The last e-mail that is meant: what fails later is not. */
  until: number;
  /** Only those with exactly this error. */
  error?: string;
}

/** What a person does about e-mails. Each is audited in its own unit; done twice, it is done once. */
@Injectable()
export class EmailRepair {
  constructor(
    private readonly log: EventLog,
    private readonly queue: EmailQueue,
    private readonly sender: EmailSender,
  ) {}

  /** The same e-mail, with the same Message-ID, from its first try on. */
  async sendAgain(id: number, person: Person): Promise<void> {
    const position = await this.positionOf(id);
    await this.log.transaction(async (tx) => {
      const before = await readEmail(tx, id);
      if (!(await requeue(tx, before))) throw new EmailNotInDoubt(id, before.state);
      await this.note(tx, person, 'send-email-again', before, position);
      tx.afterCommit(() => this.sender.wake());
    });
  }

  /** It has arrived, as a person knows: nothing is sent. */
  async markSent(id: number, person: Person): Promise<void> {
    const position = await this.positionOf(id);
    await this.log.transaction(async (tx) => {
      const before = await readEmail(tx, id);
      const { affected } = await tx.rows.update(
        Email,
        { id, state: In(IN_DOUBT) },
        { state: 'sent', sent_at: Date.now(), attempt: null },
      );
      if (affected !== 1) throw new EmailNotInDoubt(id, before.state);
      await this.note(tx, person, 'mark-email-sent', before, position);
    });
  }

  /** Another e-mail with the same words, linked to this one. @returns its id */
  async resend(id: number, person: Person): Promise<number> {
    const position = await this.positionOf(id);
    return this.log.transaction(async (tx) => {
      const original = await readEmail(tx, id);
      if (!['sent', 'failed', 'unknown'].includes(original.state)) throw new EmailNotSentYet(id, original.state);
      // The unique index on resend_of is the judge.
      const copy = await this.queue.add(tx, copyOf(original));
      if (copy === undefined) {
        const earlier = await tx.rows.findOneOrFail(Email, { select: { id: true }, where: { resend_of: id } });
        throw new EmailResentAlready(id, earlier.id);
      }
      await this.note(tx, person, 'resend-email', original, position, { copy });
      tx.afterCommit(() => this.sender.wake());
      return copy;
    });
  }

  /** All of a group, in steps of bounded size: each is a unit with its own audit. @returns how many */
  async sendGroupAgain({ state, until, error }: Group, person: Person): Promise<number> {
    let count = 0;
    let after: number | undefined = 0;
    while (after !== undefined) {
      const from: number = after;
      after = await this.log.transaction(async (tx) => {
        const found = await tx.rows.find(Email, {
          select: { id: true, recipient: true },
          where: { state, id: And(MoreThan(from), LessThanOrEqual(until)), ...(error !== undefined && { error }) },
          order: { id: 'ASC' },
          take: GROUP_STEP,
        });
        const ids: number[] = [];
        for (const email of found) if (await requeue(tx, email)) ids.push(email.id);
        if (ids.length === 0) return found.at(-1)?.id;
        const subject = `e-mails ${ids[0]} to ${ids.at(-1)}`;
        await audit(tx, person, { action: 'send-emails-again', subject, detail: { state, until, error, ids } });
        tx.afterCommit(() => {
          count += ids.length;
          this.sender.wake();
        });
        return found.length < GROUP_STEP ? undefined : found.at(-1)!.id;
      });
    }
    return count;
  }

  /** Where the event of an e-mail stands, when its log is ours: looked up before the unit, which may await tx only. */
  private async positionOf(id: number): Promise<number | undefined> {
    const email = await this.log.reading.manager.findOne(Email, {
      select: { source: true, event_id: true },
      where: { id },
    });
    if (!email) throw new EmailNotFound(id);
    return email.source === this.log.identity ? (await this.log.history.byId(email.event_id))?.position : undefined;
  }

  private note(
    tx: UnitOfWork,
    person: Person,
    action: string,
    { id, source, state, error }: Email,
    position?: number,
    detail?: object,
  ): Promise<void> {
    return audit(tx, person, { action, subject: subjectOf(id), source, position, detail: { state, error, ...detail } });
  }
}

async function readEmail(tx: UnitOfWork, id: number): Promise<Email> {
  const email = await tx.rows.findOne(Email, { where: { id }, ...forUpdate(tx.rows) });
  if (!email) throw new EmailNotFound(id);
  return email;
}

async function requeue(tx: UnitOfWork, { id, recipient }: Pick<Email, 'id' | 'recipient'>): Promise<boolean> {
  const { affected } = await tx.rows.update(
    Email,
    { id, state: In(IN_DOUBT) },
    { state: 'queued', attempt: null, tries: 0 },
  );
  if (affected !== 1) return false;
  await hurry(tx, recipient);
  return true;
}
