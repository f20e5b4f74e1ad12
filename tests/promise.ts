import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, type NewUser, readAll } from './shop-process';

interface StoredUser extends NewUser {
  id: number;
}

interface StoredEvent {
  position: number;
  type: string;
  stream: string;
  version: number;
  data: StoredUser;
}

interface StoredEmail {
  template: string;
  recipient: string;
  state: string;
}

const SEEDS = 5;

/**
 * What must hold after anything has died: compares what was acknowledged with the rows, the log, the consumer's e-mails
 * and the files. Only users are written and none is deleted.
 */
export async function expectThePromiseKept(
  shop: { store: string; coolriel: string },
  folder: string,
  asked: NewUser[],
  acknowledged: Map<number, NewUser>,
): Promise<{ users: number; events: number }> {
  const users = (await readAll<StoredUser>(`${shop.store}/users`)).filter(({ id }) => id > SEEDS);
  const events = await readAll<StoredEvent>(`${shop.store}/events`);

  // Nothing acknowledged is missing, and it says what was asked.
  const byId = new Map(users.map((user) => [user.id, user]));
  for (const [id, user] of acknowledged) expect(byId.get(id)).toEqual({ id, ...user });
  // Nothing appears that nobody asked for.
  const askedFor = new Set(asked.map(({ email }) => email));
  expect(users.filter(({ email }) => !askedFor.has(email))).toEqual([]);

  // Each row has exactly one event with the same facts, and each event its row. Positions have no gap.
  expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1));
  expect(events.map(({ data: { id, name, email, user_type_id } }) => ({ id, name, email, user_type_id }))).toEqual(
    users,
  );
  const heads = events.map(({ type, stream, version }) => `${type} ${stream} ${version}`);
  expect(heads).toEqual(users.map(({ id }) => `UserCreated user-${id} 1`));

  // Each event has exactly one e-mail, and it was sent.
  await eventually(async () => {
    const emails = await readAll<StoredEmail>(`${shop.coolriel}/emails`);
    const sent = emails.filter(({ state }) => state === 'sent').map(({ recipient }) => recipient);
    expect(sent.toSorted()).toEqual(users.map(({ email }) => email).toSorted());
    expect(emails).toHaveLength(sent.length);
  });
  const files = readdirSync(join(folder, 'output')).filter((file) => file.endsWith('.html'));
  expect(files.toSorted()).toEqual(users.map(({ id }) => `welcome_${id}.html`).toSorted());
  for (const { id, name, email, user_type_id } of users) {
    const html = readFileSync(join(folder, 'output', `welcome_${id}.html`), 'utf8');
    expect(html).toContain(`<td>${id}</td>`);
    expect(html).toContain(`<td>${name}</td>`);
    expect(html).toContain(`<td>${email}</td>`);
    expect(html).toContain(
      user_type_id === 1 ? 'Merci de votre visite' : "Bienvenue dans l'équipe".replace("'", '&#39;'),
    );
    expect(html.trimEnd().endsWith('</html>')).toBe(true);
  }
  return { users: users.length, events: events.length };
}
