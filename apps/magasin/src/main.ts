import { resolve } from 'node:path';
import { withoutPassword } from '@magasin/event-log';
import { runUntilSignal } from '@magasin/hosting';
import { startShop } from './shop';

void runUntilSignal(async () => {
  const shop = await startShop();
  const { store, payments, coolriel, settings } = shop;
  const seconds = process.uptime().toFixed(1);
  const { MAILER, OUTPUT_FOLDER, SMTP_HOST, SMTP_PORT } = settings;
  const mailbox = MAILER === 'smtp' ? `sent by ${SMTP_HOST}:${SMTP_PORT}` : `as files in ${resolve(OUTPUT_FOLDER)}`;
  const places = [
    ...(store ? [`API       ${store}/users`, `events    ${store}/events`] : []),
    ...(payments ? [`payments  ${payments}`] : []),
    ...(coolriel
      ? [
          `mailbox   ${coolriel}/mailbox, what can be sent: ${coolriel}/previews`,
          `e-mails   ${coolriel}/emails, ${mailbox}`,
        ]
      : []),
    `data      ${withoutPassword(settings.DATABASE_URL)}`,
  ];
  process.stdout.write(
    `Magasin is open (${seconds} s). Stop it with Ctrl+C.\n${places.map((place) => `  ${place}\n`).join('')}`,
  );
  return {
    leave: () => shop.leave(),
    stop: async () => {
      await shop.stop();
      process.stdout.write('Magasin is closed.\n');
    },
  };
});
