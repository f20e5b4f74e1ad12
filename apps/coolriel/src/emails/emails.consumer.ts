import { EventBus, on } from '@magasin/event-bus';
import { Injectable } from '@nestjs/common';
import { catalogue } from './catalogue';
import { compose } from './compose';
import { EmailQueue } from './email-queue';
import { EmailSender } from './sender';

/** Takes every event that an e-mail is declared for, and queues that e-mail in the transaction that moves the progress. */
@Injectable()
export class EmailsConsumer {
  constructor(bus: EventBus, queue: EmailQueue, sender: EmailSender) {
    bus.subscribe({
      name: 'coolriel',
      handlers: catalogue.map((declaration) =>
        on(declaration.on, async (event, tx, delivery) => {
          await queue.add(tx, compose(declaration, event, delivery));
          tx.afterCommit(() => sender.wake());
        }),
      ),
    });
  }
}
