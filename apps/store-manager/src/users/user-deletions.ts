import type { UnitOfWork } from '@magasin/event-log';
import { Injectable } from '@nestjs/common';
import type { User } from './user';

/** What is done in the unit in which a user is deleted, while his row still stands. What it throws keeps him. */
export type BeforeDeletion = (tx: UnitOfWork, user: User) => Promise<void>;

/** Where other modules, of which this one knows nothing, say what a user's deletion means to them. */
@Injectable()
export class UserDeletions {
  private readonly works: BeforeDeletion[] = [];

  before(work: BeforeDeletion): void {
    this.works.push(work);
  }

  /** In the order in which they were told. */
  async prepare(tx: UnitOfWork, user: User): Promise<void> {
    for (const work of this.works) await work(tx, user);
  }
}
