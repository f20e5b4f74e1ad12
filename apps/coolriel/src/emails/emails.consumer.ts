import { EventBus, on } from '@magasin/event-bus';
import { Injectable } from '@nestjs/common';
import { catalogue } from './catalogue';
import { compose } from './compose';
import { Email } from './email';
import { EmailSender } from './sender';

/** Takes every event that an e-mail is declared for, and queues that e-mail in the transaction that moves the progress. */
@Injectable()
export class EmailsConsumer {
  constructor(bus: EventBus, sender: EmailSender) {
    bus.subscribe({
      name: 'coolriel',
      handlers: catalogue.map((declaration) =>
        on(declaration.on, async (event, tx, delivery) => {
          await tx.rows.insert(Email, compose(declaration, event, delivery));
          tx.afterCommit(() => sender.wake());
        }),
      ),
    });
  }
}
