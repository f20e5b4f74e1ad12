import { ask, type Email, eventually } from '../shop';
import { readAll, ShopProcess, writeUser } from '../shop-process';
import type { MailServer } from './mail-server';

export interface Attempt {
  ended_at: string;
  reached: string;
  outcome: string;
  error: string | null;
}

export interface Story extends Email {
  correlation_id: string | null;
  resend_of: number | null;
  line_due_at: string | null;
  attempts: Attempt[];
}

/** The built shop as a process, sending through a mail server. */
export class MailingShop {
  private constructor(readonly process: ShopProcess) {}

  static async start(folder: string, server: MailServer, settings: Record<string, string> = {}): Promise<MailingShop> {
    return new MailingShop(await ShopProcess.start(folder, { ...server.settings, ...settings }));
  }

  /** Writes a user with that address, who gets a welcome. @returns his id */
  async welcome(email: string, name = 'Grace Hopper'): Promise<number> {
    const answer = await writeUser(this.process.store, { name, email, user_type_id: 1 });
    expect(answer?.status).toBe(201);
    return (answer!.body as { user_id: number }).user_id;
  }

  async goodbye(user: number): Promise<void> {
    expect((await ask(`${this.process.store}/users/${user}`, 'DELETE')).status).toBe(200);
  }

  emails(query = ''): Promise<Email[]> {
    return readAll<Email>(`${this.process.coolriel}/emails${query}`);
  }

  /** What became of the e-mails to an address, the oldest first. */
  async storiesOf(recipient: string): Promise<Story[]> {
    const ids = (await this.emails()).filter((email) => email.recipient === recipient).map(({ id }) => id);
    const read = async (id: number) => (await ask<Story>(`${this.process.coolriel}/emails/${id}/attempts`)).body;
    return Promise.all(ids.toReversed().map(read));
  }

  /** Waits until the e-mails to an address are in these states, the oldest first. */
  async becomes(recipient: string, ...states: string[]): Promise<Story[]> {
    let stories: Story[] = [];
    await eventually(async () => {
      stories = await this.storiesOf(recipient);
      expect({ recipient, states: stories.map(({ state }) => state) }).toEqual({ recipient, states });
    });
    return stories;
  }

  admin<T>(path: string, body: object = {}): ReturnType<typeof ask<T>> {
    const person = { who: 'Jane Doe', why: 'the reader called' };
    return ask<T>(`${this.process.coolriel}/admin/emails${path}`, 'POST', { ...person, ...body });
  }
}
