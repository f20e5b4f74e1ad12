import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { EventLog, inDialect } from '@magasin/event-log';
import { onBothDatabases } from '@magasin/event-log/testing';
import { All, Body, Controller, Header, HttpCode, Logger, Module, Post, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { TakesNoKey } from './idempotency';
import { KeyedAnswer } from './idempotency-store';
import { Problem } from './problem';
import { closeApp, serve } from './serve';
import { hostingTables } from './tables';

class NoScrews extends Problem {
  readonly status = 409;
}

let calls = 0;
const statements: string[] = [];
const noted: string[] = [];

@Controller()
class Till {
  constructor(private readonly log: EventLog) {}

  @Post('bills/:id')
  async bill(@Body() body: object): Promise<object> {
    calls += 1;
    await this.log.transaction(async () => undefined);
    return { calls, body };
  }

  @Post('receipts')
  @HttpCode(202)
  @Header('Content-Type', 'text/html; charset=utf-8')
  print(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.header('X-Receipt', '7');
    return `<p>${(calls += 1)}</p>`;
  }

  @Post('bells')
  @HttpCode(204)
  ring(): void {
    calls += 1;
  }

  @Post('doors')
  open(@Res({ passthrough: true }) reply: FastifyReply): object {
    void reply.status(423);
    return { locked: (calls += 1) };
  }

  @Post('screws')
  async take(): Promise<object> {
    calls += 1;
    // A handler that goes on after a failed unit can not keep half of what it did.
    await this.log.transaction(() => Promise.reject(new NoScrews('There are no screws.'))).catch(() => undefined);
    return { taken: true };
  }

  @Post('boards')
  async saw(): Promise<object> {
    calls += 1;
    // As the server says it to whoever loses against another unit.
    const deadlock = inDialect(this.log.reading, {
      sqlite: 'SELECT 1',
      mysql: `SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213, MESSAGE_TEXT = 'Deadlock found'`,
    });
    await this.log.transaction(({ rows }) => rows.query(calls === 1 ? deadlock : 'SELECT 1'));
    return { sawn: true };
  }

  @Post('slips')
  async slip(@Body() { inside }: { inside?: boolean }): Promise<never> {
    if (inside) await this.log.transaction(() => Promise.reject(new Error('A slip.')));
    throw new Error('A slip.');
  }

  @Post('questions')
  @TakesNoKey()
  answer(): object {
    return { calls: (calls += 1) };
  }

  @All('everything')
  all(): object {
    return { calls: (calls += 1) };
  }
}

onBothDatabases('A POST of any route', (databases) => {
  const url = databases.create();
  const apps: NestFastifyApplication[] = [];
  let log: EventLog;
  let bases: string[];

  beforeAll(async () => {
    log = await EventLog.open({
      url,
      onStatement: (sql) => statements.push(sql),
      ...hostingTables,
    });
    const TillModule = {
      module: class TillModule {},
      controllers: [Till],
      providers: [{ provide: EventLog, useValue: log }],
    };
    const ShopModule = { ...TillModule, module: class ShopModule {} };
    for (const { module } of [TillModule, ShopModule]) Module({})(module);
    for (const module of [TillModule, ShopModule]) {
      apps.push(await serve(module, { host: '127.0.0.1', port: 0, setting: 'PORT' }));
    }
    Logger.overrideLogger({
      log: () => undefined,
      warn: () => undefined,
      error: (message: string) => noted.push(message),
    });
    bases = apps.map((app) => `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`);
  });
  afterAll(async () => {
    for (const app of apps) await closeApp(app);
    await log.close();
    await databases.remove(url);
  });
  beforeEach(() => {
    calls = 0;
  });

  let number = 0;
  const freshKey = (): string => `key-${(number += 1)}`;
  const ask = async (path: string, key: string, { body = {}, method = 'POST', base = bases[0] } = {}) => {
    const response = await fetch(base + path, {
      method,
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: method === 'GET' ? undefined : JSON.stringify(body),
    });
    const { status, headers } = response;
    return { status, text: await response.text(), headers, again: headers.get('idempotency-replayed') === 'true' };
  };

  it('has its own keys: one key on two routes and on two apps is three requests', async () => {
    const key = freshKey();

    const answers = [
      await ask('/bills/1', key),
      await ask('/receipts', key),
      await ask('/bills/1', key, { base: bases[1] }),
    ];

    expect(answers.map(({ again }) => again)).toEqual([false, false, false]);
    expect(calls).toBe(3);
    expect((await ask('/bills/1', key)).again).toBe(true);
    expect((await ask('/bills/2', key)).status).toBe(422);
  });

  it('is answered again with the status, the type and the headers that its route has set', async () => {
    const key = freshKey();

    const [first, again] = [await ask('/receipts', key), await ask('/receipts', key)];

    expect([first.again, again.again]).toEqual([false, true]);
    for (const { status, text, headers } of [first, again]) {
      expect([status, text, headers.get('content-type'), headers.get('x-receipt')]).toEqual([
        202,
        '<p>1</p>',
        'text/html; charset=utf-8',
        '7',
      ]);
    }
  });

  it('is done once, also when it comes many times at once', async () => {
    const key = freshKey();

    const answers = await Promise.all(Array.from({ length: 16 }, () => ask('/receipts', key)));

    expect(answers.filter(({ again }) => !again)).toHaveLength(1);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
  });

  it('has a key for each that is written otherwise, be it by a blank at its end', async () => {
    const key = freshKey();
    const keys = [`"${key}"`, `"${key} "`, `"${key.toUpperCase()}"`];

    const answers = [];
    for (const one of keys) answers.push(await ask('/receipts', one));

    expect(answers.map(({ again }) => again)).toEqual([false, false, false]);
    expect((await ask('/receipts', keys[1])).text).toBe('<p>2</p>');
  });

  it('may have nothing to say', async () => {
    const key = freshKey();

    const answers = [await ask('/bells', key), await ask('/bells', key)];

    expect(answers.map(({ status, text, again }) => [status, text, again])).toEqual([
      [204, '', false],
      [204, '', true],
    ]);
    expect(calls).toBe(1);
  });

  it.each([
    ['/doors', 423, '{"locked":2}'],
    ['/screws', 409, 'There are no screws.'],
  ])('keeps no key when %s refuses, however it does that', async (path, status, text) => {
    const key = freshKey();

    const answers = [await ask(path, key), await ask(path, key)];

    expect(answers.map((answer) => [answer.status, answer.again])).toEqual([
      [status, false],
      [status, false],
    ]);
    expect(answers[1].text).toContain(text);
    expect(calls).toBe(2);
    expect(await log.reading.getRepository(KeyedAnswer).findBy({ idempotency_key: key })).toEqual([]);
  });

  it('whose unit is run again is noted by nobody', async () => {
    noted.length = 0;

    expect((await ask('/boards', freshKey())).text).toBe('{"sawn":true}');

    expect(calls).toBe(inDialect(log.reading, { sqlite: 1, mysql: 2 }));
    expect(noted).toEqual([]);
  });

  it.each([true, false])('that fails is noted once; inside a unit: %s', async (inside) => {
    noted.length = 0;

    expect((await ask('/slips', freshKey(), { body: { inside } })).status).toBe(500);

    expect(noted).toEqual([expect.stringMatching(/^POST \/slips: Error: A slip\.\n/)]);
  });

  it('that writes nothing takes no key', async () => {
    const key = freshKey();

    const answers = [await ask('/questions', key), await ask('/questions', key)];

    expect(answers.map(({ text, again }) => [text, again])).toEqual([
      ['{"calls":1}', false],
      ['{"calls":2}', false],
    ]);
  });

  it('is told from a GET of the same route', async () => {
    const key = freshKey();

    const answers = [];
    for (const method of ['GET', 'POST', 'GET', 'POST']) answers.push(await ask('/everything', key, { method }));

    expect(answers.map(({ text, again }) => [text, again])).toEqual([
      ['{"calls":1}', false],
      ['{"calls":2}', false],
      ['{"calls":3}', false],
      ['{"calls":2}', true],
    ]);
  });

  it('sends no statement more without a key', async () => {
    statements.length = 0;
    const headers = { 'content-type': 'application/json' };

    const response = await fetch(`${bases[0]}/bills/1`, { method: 'POST', body: '{}', headers });

    expect(await response.json()).toEqual({ calls: 1, body: {} });
    expect(response.headers.has('idempotency-replayed')).toBe(false);
    expect(statements).toEqual(inDialect(log.reading, { sqlite: ['BEGIN IMMEDIATE', 'COMMIT'], mysql: [] }));
  });
});
