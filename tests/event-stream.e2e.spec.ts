import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Backbone, openBackbone } from '@magasin/event-bus';
import { closeApp, serve } from '@magasin/hosting';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import Sqlite from 'better-sqlite3';
import { StoreManagerModule, StoreManagerSettings } from '../apps/store-manager/src';
import { fillLog } from './filled-log';
import { ask, eventually, grace } from './shop';
import { shopFolder } from './shop-process';

const EVENTS = 60_000;
/** A stretch that is read at once has about 256 kB. */
const STATEMENTS_FOR_ALL = (EVENTS * 1_000) / (256 * 1_024);

describe('The stream of the events of a long log', () => {
  let folder: ReturnType<typeof shopFolder>;
  let url: string;
  let backbone: Backbone;
  let app: NestFastifyApplication;
  let store: string;
  let statements = 0;
  beforeEach(async () => {
    folder = shopFolder();
    url = await fillLog(folder.folder, EVENTS);
    backbone = await openBackbone({ url, modules: [StoreManagerModule], onStatement: () => (statements += 1) });
    app = await serve(StoreManagerModule.with(backbone, new StoreManagerSettings()), {
      host: 'localhost',
      port: 0,
      setting: 'PORT',
    });
    store = `http://localhost:${(app.getHttpServer().address() as AddressInfo).port}`;
    statements = 0;
  });
  afterEach(async () => {
    await closeApp(app);
    await backbone.log.close();
    await folder.remove();
  });

  const open = async (query = ''): Promise<IncomingMessage> => {
    const request = get(`${store}/events${query}`, { headers: { accept: 'application/x-ndjson' } });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    return answer;
  };
  /** How many lines come; the event before each must be the one before it in the log. */
  const count = async (answer: IncomingMessage): Promise<number> => {
    let [lines, rest] = [0, ''];
    answer.setEncoding('utf8');
    for await (const chunk of answer as AsyncIterable<string>) {
      const whole = (rest + chunk).split('\n');
      rest = whole.pop()!;
      for (const line of whole) expect((JSON.parse(line) as { position: number }).position).toBe((lines += 1));
    }
    expect(rest).toBe('');
    return lines;
  };
  /** Resolves with the number of statements so far once no more are sent. */
  const still = async (): Promise<number> => {
    let before = -1;
    await eventually(async () => {
      const now = statements;
      const same = now === before;
      before = now;
      await new Promise((done) => setTimeout(done, 200));
      expect([same, statements]).toEqual([true, now]);
    });
    return before;
  };

  it('has all of them, and lets the shop do its other work meanwhile', async () => {
    const answer = await open();
    const reading = count(answer);
    const { status } = await ask(`${store}/users`, 'POST', grace());
    expect(status).toBe(201);

    expect(await reading).toBe(EVENTS);
  });

  it('is not read faster than its reader takes it, and waits for him', async () => {
    const answer = await open();

    const whileWaiting = await still();
    expect(whileWaiting).toBeLessThan(STATEMENTS_FOR_ALL / 2);
    expect(await count(answer)).toBe(EVENTS);
    expect(statements).toBeGreaterThan(STATEMENTS_FOR_ALL * 0.9);
  });

  it('is not read on when its reader has gone', async () => {
    const answer = await open();
    await once(answer, 'readable');
    answer.read();

    answer.destroy();

    expect(await still()).toBeLessThan(STATEMENTS_FOR_ALL / 2);
  });

  it('breaks off, and does not look whole, when the log can not be read any more', async () => {
    const answer = await open();
    await still();
    const other = new Sqlite(url.replace('sqlite:', ''));
    other.exec('ALTER TABLE event_log RENAME TO gone');
    other.close();

    await expect(count(answer)).rejects.toThrow('aborted');
    expect(answer.complete).toBe(false);
    expect((await fetch(`${store}/events`)).status).toBe(500);
  });

  it('breaks off when the shop stops, which does not wait for its reader', async () => {
    const answer = await open();

    await closeApp(app);

    await expect(count(answer)).rejects.toThrow('aborted');
    expect(answer.complete).toBe(false);
  });
});
