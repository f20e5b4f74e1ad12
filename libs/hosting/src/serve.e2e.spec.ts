import 'reflect-metadata';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LogUnavailable } from '@magasin/event-log';
import {
  Controller,
  ForbiddenException,
  Get,
  HttpException,
  Module,
  Param,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openLog } from './logging';
import { NextLink, type Page, PageQuery, toPage } from './paging';
import { Problem } from './problem';
import { closeApp, serve } from './serve';
import { StartRefused } from './settings';

class TooFewScrews extends Problem {
  readonly status = 409;
}

const SECRET = 'SQLITE_ERROR: no such table users /srv/magasin.js';
const FAULTS: Record<string, unknown> = {
  rule: new TooFewScrews('There are 2 screws.', { screws: 2 }),
  away: new LogUnavailable(new Error(SECRET)),
  doubt: new LogUnavailable(new Error(SECRET), true),
  nest: new ForbiddenException('Not for you.'),
  slip: new Error(SECRET),
  text: SECRET,
  nothing: undefined,
  fine: new HttpException('Broken, yet 200.', 200),
  odd: Object.assign(new Error(SECRET), { statusCode: 503 }),
};

@Controller()
class Till {
  @Get('faults/:fault')
  fail(@Param('fault') fault: string): never {
    throw FAULTS[fault];
  }

  @Get('numbers')
  @UseInterceptors(NextLink)
  list(@Query() { limit, place = 0 }: PageQuery): Page<number> {
    const items = [1, 2, 3, 4, 5].filter((number) => number > place).slice(0, limit);
    return toPage(items, items.at(-1) === 5 ? undefined : items.at(-1));
  }
}

@Module({ controllers: [Till] })
class TillModule {}

const listen = (port: number): Promise<NestFastifyApplication> =>
  serve({ module: TillModule }, { host: '127.0.0.1', port, setting: 'TILL_PORT', log: openLog('silent', 'till') });

describe('An app that is served', () => {
  let app: NestFastifyApplication;
  let url: string;
  beforeAll(async () => {
    app = await listen(0);
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  });
  afterAll(() => closeApp(app));

  const failure = async (fault: string): Promise<{ headers: Headers; text: string; body: Record<string, unknown> }> => {
    const response = await fetch(`${url}/faults/${fault}?why=now`);
    const text = await response.text();
    const body = JSON.parse(text) as Record<string, unknown>;
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(body.status).toBe(response.status);
    return { headers: response.headers, text, body };
  };

  it('makes the type and the title of a problem from the name of its class', async () => {
    const { body } = await failure('rule');

    expect(body).toEqual({
      type: 'urn:magasin:too-few-screws',
      title: 'Too few screws',
      status: 409,
      detail: 'There are 2 screws.',
      instance: '/faults/rule',
      error: 'There are 2 screws.',
      screws: 2,
    });
  });

  it('answers 503 and when to try again while the database is away', async () => {
    const { headers, text, body } = await failure('away');

    expect(body).toMatchObject({ status: 503, type: 'urn:magasin:log-unavailable', title: 'Log unavailable' });
    expect(headers.get('retry-after')).toBe('1');
    expect(text).not.toContain('SQLITE');
    expect(body.detail).toContain('Nothing was changed.');
  });

  it('does not say that nothing was changed when nobody knows', async () => {
    const { headers, text, body } = await failure('doubt');

    expect(body).toMatchObject({ status: 503, type: 'urn:magasin:log-unavailable' });
    expect(body.detail).toContain('It may have been done or not');
    expect(headers.get('retry-after')).toBe('1');
    expect(text).not.toMatch(/Nothing was changed|SQLITE/);
  });

  it('passes on what Nest refused', async () => {
    const { body } = await failure('nest');

    expect(body).toMatchObject({ type: 'about:blank', title: 'Forbidden', status: 403, detail: 'Not for you.' });
  });

  it.each(['slip', 'text', 'nothing', 'fine', 'odd'])(
    'answers 500 and tells nothing of the inside: %s',
    async (fault) => {
      const { text, body } = await failure(fault);

      expect(body).toMatchObject({ type: 'about:blank', title: 'Internal Server Error', status: 500 });
      expect(text).not.toMatch(/SQLITE|magasin\.js|stack|\bat /);
    },
  );

  it.each([
    ['/faults/%', 400, 'Bad Request'],
    [`/faults/${'x'.repeat(500)}`, 414, 'URI Too Long'],
    ['/nowhere', 404, 'Not Found'],
  ])('answers a problem document to %.20s too, before any controller', async (path, status, title) => {
    const response = await fetch(url + path);

    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await response.json()).toMatchObject({ type: 'about:blank', title, status, instance: path });
  });

  it('links each page to the next one, with the rest of the query, and the last to none', async () => {
    const links: string[] = [];
    const numbers: number[] = [];

    let next: string | undefined = '/numbers?limit=2&of=nails';
    while (next) {
      const response = await fetch(url + next);
      numbers.push(...((await response.json()) as Page<number>).items);
      next = /^<(.+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
      if (next) links.push(next);
    }

    expect(numbers).toEqual([1, 2, 3, 4, 5]);
    expect(links).toEqual(['/numbers?limit=2&of=nails&cursor=Mg', '/numbers?limit=2&of=nails&cursor=NA']);
  });

  it('refuses to start on a port that is taken, and names the setting', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as AddressInfo;

    const start = listen(port);

    await expect(start).rejects.toThrow(StartRefused);
    await expect(start).rejects.toThrow(
      `Port ${port} is taken. Stop the program that has it, or set TILL_PORT to another port.`,
    );
    other.close();
  });
});
