import { EventBus, on } from '@magasin/event-bus';
import { Injectable } from '@nestjs/common';
import { catalogue } from './catalogue';
import { compose } from './compose';
import { EmailQueue } from './email-queue';
import { missingEmails } from './missing-emails';
import { EmailSender } from './sender';

/** Takes every event that an e-mail is declared for, and queues that e-mail in the transaction that moves the progress. */
@Injectable()
export class EmailsConsumer {
  constructor(bus: EventBus, queue: EmailQueue, sender: EmailSender) {
    bus.subscribe({
      name: 'coolriel',
      // An e-mail is one of its event and its template, whoever handles the event: what was made is not made again.
      preview: (event, delivery, reading) => missingEmails(reading, event, delivery),
      handlers: catalogue.map((declaration) =>
        on(declaration.on, async (event, tx, delivery) => {
          await queue.add(tx, compose(declaration, event, delivery));
          tx.afterCommit(() => sender.wake());
        }),
      ),
    });
  }
}
