import { EventBus, on } from '@magasin/event-bus';
import { Injectable } from '@nestjs/common';
import { catalogue } from './catalogue';
import { emailsOf } from './compose';
import { EmailQueue } from './email-queue';
import { missingEmails } from './missing-emails';
import { EmailSender } from './sender';

/** Takes every event that an e-mail is declared for, and queues it in the transaction that moves the progress. */
@Injectable()
export class EmailsConsumer {
  constructor(bus: EventBus, queue: EmailQueue, sender: EmailSender) {
    bus.subscribe({
      name: 'coolriel',
      // An e-mail is one of its event and its template, whoever handles the event: what was made is not made again.
      preview: (event, delivery, reading) => missingEmails(reading, event, delivery),
      // One for each type, also where several e-mails are made of it.
      handlers: [...new Set(catalogue.map((declaration) => declaration.on))].map((type) =>
        on(type, async (event, tx, delivery) => {
          for (const email of emailsOf(catalogue, event, delivery)) await queue.add(tx, email);
          tx.afterCommit(() => sender.wake());
        }),
      ),
    });
  }
}
