import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { ask, expectProblem } from '../shop';
import { shopFolder } from '../shop-process';
import { MailServer } from './mail-server';
import { MailingShop } from './mailing-shop';

const PERSON = { who: 'Jane Doe', why: 'the reader called' };

interface Entry {
  who: string;
  why: string;
  subject: string;
  position: number | null;
  detail: Record<string, unknown>;
}

describe('What a person does about e-mails', () => {
  const { folder, remove } = shopFolder();
  let server: MailServer;
  let shop: MailingShop;
  beforeAll(async () => {
    server = await MailServer.start();
    shop = await MailingShop.start(folder, server);
  });
  afterAll(async () => {
    await shop.process.end('SIGTERM');
    await server.stop();
    await remove();
  });

  /** The audit, read past the shop. */
  const audited = (action: string): Entry[] => {
    const database = new Sqlite(join(folder, 'data', 'magasin.sqlite'), { readonly: true });
    const rows = database
      .prepare<[string], Omit<Entry, 'detail'> & { detail: string }>('SELECT * FROM audit WHERE action = ? ORDER BY id')
      .all(action);
    database.close();
    return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Entry['detail'] }));
  };

  /** An e-mail of which nobody knows, though the server has it. */
  const inDoubt = async (name: string): Promise<number> => {
    await shop.welcome(`cut-after-dot.${name}@example.com`);
    return (await shop.becomes(`cut-after-dot.${name}@example.com`, 'unknown'))[0].id;
  };

  it('is to send an unknown one again: once for a double click, with the same Message-ID', async () => {
    await shop.welcome('hang-after-dot@example.com');
    const [{ id }] = await shop.becomes('hang-after-dot@example.com', 'unknown');

    const answers = await Promise.all([1, 2].map(() => shop.admin(`/${id}/send-again`)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 200)?.body).toEqual({ state: 'queued' });
    expectProblem(
      answers.find(({ status }) => status === 409)!,
      { status: 409, type: 'email-not-in-doubt' },
    );
    await shop.becomes('hang-after-dot@example.com', 'sent');
    const [first, again, ...more] = server.idsFor('hang-after-dot@example.com');
    expect([again, more]).toEqual([first, []]);
    const [entry, ...others] = audited('send-email-again');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ ...PERSON, subject: `email ${id}`, position: 1, detail: { state: 'unknown' } });
  });

  it('is to mark an unknown one as sent, once', async () => {
    const id = await inDoubt('marked');

    const answers = await Promise.all([1, 2].map(() => shop.admin(`/${id}/mark-sent`)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    const [{ state, sent_at }] = await shop.storiesOf('cut-after-dot.marked@example.com');
    expect(state).toBe('sent');
    expect(sent_at).not.toBeNull();
    expect(server.idsFor('cut-after-dot.marked@example.com')).toHaveLength(1);
    expect(audited('mark-email-sent')).toHaveLength(1);
    expectProblem(await shop.admin(`/${id}/send-again`), { status: 409, type: 'email-not-in-doubt' });
  });

  it('is to send any e-mail once more, as another one that says whose copy it is', async () => {
    await shop.welcome('plain@example.com');
    const [{ id }] = await shop.becomes('plain@example.com', 'sent');

    const answers = await Promise.all([1, 2].map(() => shop.admin<{ email_id: number }>(`/${id}/resend`)));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const { body, headers } = answers.find(({ status }) => status === 201)!;
    const refused = answers.find(({ status }) => status === 409)!;
    expect(headers.get('location')).toBe(`/emails/${body.email_id}`);
    expectProblem(refused, { status: 409, type: 'email-resent-already' });
    expect(refused.body).toMatchObject({ email_id: body.email_id });
    await shop.becomes('plain@example.com', 'sent', 'sent');

    // And yet again: that is the copy's turn.
    expect((await shop.admin(`/${body.email_id}/resend`)).status).toBe(201);
    const [original, copy, second] = await shop.becomes('plain@example.com', 'sent', 'sent', 'sent');
    expect([original.resend_of, copy.resend_of, second.resend_of]).toEqual([null, id, copy.id]);
    const [message] = server.idsFor('plain@example.com');
    expect(server.idsFor('plain@example.com')).toEqual([
      message,
      message.replace('@magasin', '.r1@magasin'),
      message.replace('@magasin', '.r2@magasin'),
    ]);
    expect(audited('resend-email').map(({ detail }) => detail.copy)).toEqual([copy.id, second.id]);
  });

  it('is nothing to an e-mail that is being sent, that does not exist, or without a name and a reason', async () => {
    await shop.welcome('hold.repair@example.com');
    await server.reached('rcpt', 'hold.repair@example.com');
    const [{ id, state }] = await shop.storiesOf('hold.repair@example.com');
    expect(state).toBe('connecting');

    for (const action of ['send-again', 'mark-sent']) {
      expectProblem(await shop.admin(`/${id}/${action}`), { status: 409, type: 'email-not-in-doubt' });
    }
    expectProblem(await shop.admin(`/${id}/resend`), { status: 409, type: 'email-not-sent-yet' });
    for (const action of ['send-again', 'mark-sent', 'resend']) {
      expectProblem(await shop.admin(`/99999/${action}`), { status: 404, type: 'email-not-found' });
      expectProblem(await shop.admin(`/${id}/${action}`, { who: '', why: undefined }), {
        status: 400,
        type: 'invalid-input',
        pointers: ['#/who', '#/why'],
      });
    }
    server.goOn('hold.repair@example.com');
    await shop.becomes('hold.repair@example.com', 'sent');
  });

  it('is to see what waits for a decision by error, and to send a whole group again up to a fixed e-mail', async () => {
    const users = Array.from({ length: 130 }, (_, index) => `refuse.${index}@example.com`);
    for (const user of users) await shop.welcome(user);
    await shop.becomes('refuse.129@example.com', 'failed');
    await inDoubt('other');
    type Groups = { items: { state: string; error: string; count: number; first_id: number; last_id: number }[] };
    const groups = async (query: string) => (await ask<Groups>(`${shop.process.coolriel}/admin/emails${query}`)).body;
    const { items } = await groups('');
    expect(items.map(({ state, count }) => ({ state, count }))).toEqual([
      { state: 'failed', count: 130 },
      { state: 'unknown', count: 1 },
    ]);
    expect(items[0].error).toContain('No such user here');
    const [{ state, last_id, error }] = (await groups('?state=failed')).items;
    // One that comes later is not meant.
    await shop.welcome('refuse.later@example.com');
    await shop.becomes('refuse.later@example.com', 'failed');

    expect((await shop.admin('/send-again', { state, until: last_id, error: 'another' })).body).toEqual({ queued: 0 });
    const answer = await shop.admin('/send-again', { state, until: last_id, error });
    expect(answer).toMatchObject({ status: 200, body: { queued: 130 } });

    const steps = audited('send-emails-again').map(({ detail }) => detail.ids as number[]);
    expect(steps.map((ids) => ids.length)).toEqual([100, 30]);
    expect(new Set(steps.flat()).size).toBe(130);
    await server.reached('rcpt', 'refuse.129@example.com', 2);
    const [again] = await shop.becomes('refuse.0@example.com', 'failed');
    expect(again.attempts).toHaveLength(2);
    const [later] = await shop.storiesOf('refuse.later@example.com');
    expect(later.attempts).toHaveLength(1);
  }, 300_000);

  it.each([
    [{ state: 'sent', until: 1 }, '#/state'],
    [{ state: 'failed' }, '#/until'],
    [{ state: 'failed', until: '5' }, '#/until'],
  ])('is not to send the group %j again', async (group, pointer) => {
    const pointers = [pointer];
    expectProblem(await shop.admin('/send-again', group), { status: 400, type: 'invalid-input', pointers });
  });
});
