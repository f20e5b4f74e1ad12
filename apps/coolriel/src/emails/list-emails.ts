import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { Email, type EmailState } from './email';
import { type ListedEmail, VIEWED } from './email-view';
import { readerOf } from './recipient-line';

/** Which e-mails: those for which all that is given holds. */
export interface EmailFilter {
  state?: EmailState;
  /** The id of the event that the e-mail comes from. */
  event?: string;
  /** The whole address, as it is written in the e-mail. */
  recipient?: string;
  limit: number;
  /** Below this id. */
  place?: number;
}

@Injectable()
export class ListEmails {
  constructor(@InjectRepository(Email) private readonly emails: Repository<Email>) {}

  /** The newest first. `next` is the place of the page after this one. */
  async page({ limit, place, state, event, recipient }: EmailFilter): Promise<{ items: ListedEmail[]; next?: number }> {
    const found = await this.emails.find({
      select: VIEWED,
      where: {
        ...(state && { state }),
        ...(event && { event_id: event.toLowerCase() }),
        ...(recipient && { reader: readerOf(recipient) }),
        ...(place !== undefined && { id: LessThan(place) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    const items = found.slice(0, limit);
    return { items, next: found.length > limit ? items[limit - 1].id : undefined };
  }
}
