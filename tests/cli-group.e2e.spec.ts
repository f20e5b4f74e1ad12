import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { magasin, onTerminal, shell } from './cli';
import { eventually, readAll } from './shop-process';
import { openWorkshop, type Workshop } from './workshop';

interface Group {
  error_key: string;
  streams: number;
  wait_for_a_person: number;
}

interface Entry {
  action: string;
  who: string;
  detail: { until: number; streams: string[] };
}

interface Outcome {
  until: number;
  retried: number;
  free: number;
  parked_again: number;
  still_to_try: number;
}

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);

/** A way to the shop that breaks after the first POST was answered. */
async function openBadLine(shop: string): Promise<{ url: string; close: () => void }> {
  let broken = false;
  const server = createServer((request, response) => {
    const { method, headers } = request;
    if (broken) {
      request.socket.destroy();
      return;
    }
    broken = method === 'POST';
    request.pipe(
      ask(shop + request.url!, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      }),
    );
  }).listen(0, 'localhost');
  await once(server, 'listening');
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

describe('A group of parked streams', () => {
  let workshop: Workshop;
  const groups = async (): Promise<Group[]> => (await fetch(`${workshop.url}/admin/parked`)).json() as Promise<Group[]>;
  const call = (...args: string[]) => magasin([...args, '--url', workshop.url, '--who', 'Jane Doe']);
  const jam = async (ids: number[]): Promise<void> => {
    for (const id of ids) workshop.jammed.add(id);
    await workshop.record(...ids);
  };
  const parked = async (streams: number): Promise<Group> => {
    await eventually(async () => expect(await groups()).toMatchObject([{ streams, wait_for_a_person: streams }]));
    return (await groups())[0];
  };

  beforeEach(async () => {
    workshop = await openWorkshop();
  });
  afterEach(() => workshop.remove());

  it('of 250 is tried in steps with a fixed cut-off while new ones are parked', async () => {
    await jam(numbers(1_000, 250));
    const { error_key } = await parked(250);
    for (const id of numbers(1_000, 100)) workshop.jammed.delete(id);

    let next = 5_000;
    let over = false;
    const retrying = call('parked', 'retry-group', 'letters', error_key, '--why', 'a test', '--wait', '200', '--json');
    const ending = retrying.finally(() => (over = true));
    while (!over) {
      await jam([next++]);
      await setTimeout(20);
    }
    const { code, out, err } = await ending;

    const outcome = JSON.parse(out) as Outcome;
    const entries = await readAll<Entry>(`${workshop.url}/admin/audit`);
    const tried = entries.flatMap(({ detail }) => detail.streams);
    expect({ code, err }).toEqual({ code: 4, err: '' });
    // One cut-off for all steps, none of them larger than the shop allows, and each stream once.
    expect(new Set(entries.map(({ detail }) => detail.until))).toEqual(new Set([outcome.until]));
    expect(entries.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...entries.map(({ detail }) => detail.streams.length))).toBeLessThanOrEqual(100);
    expect(new Set(tried).size).toBe(tried.length);
    expect(tried).toEqual(expect.arrayContaining(numbers(1_000, 250).map((id) => `user-${id}`)));
    // What was parked after the beginning is not in it.
    const left = (await readAll<{ stream: string; parked_at: string }>(
      `${workshop.url}/admin/parked/streams?consumer=letters&error_key=${error_key}`,
    )) as { stream: string; parked_at: string }[];
    const late = left.filter(({ parked_at }) => Date.parse(parked_at) > outcome.until);
    expect(late.length).toBeGreaterThan(0);
    expect(late.filter(({ stream }) => tried.includes(stream))).toEqual([]);
    expect(outcome).toEqual({
      until: outcome.until,
      retried: tried.length,
      free: 100,
      parked_again: tried.length - 100,
      still_to_try: 0,
    });
    expect(workshop.written.size).toBe(100);
  });

  it('is free when its cause is gone, and a second call finds nothing to try', async () => {
    await jam(numbers(1, 3));
    const { error_key } = await parked(3);
    workshop.jammed.clear();

    const first = await call('parked', 'retry-group', 'letters', error_key, '--why', 'mended');
    const second = await call('parked', 'retry-group', 'letters', error_key, '--why', 'mended');

    expect(first).toEqual({
      code: 0,
      out: `3 streams of letters with ${error_key} tried again: 3 free.\n`,
      err: '',
    });
    expect(second).toEqual({
      code: 0,
      out: `No stream of letters with ${error_key} waits: nothing was tried.\n`,
      err: '',
    });
    expect(await readAll(`${workshop.url}/admin/audit`)).toMatchObject([{ who: 'Jane Doe', why: 'mended' }]);
  });

  it('is told to be done in part when the shop goes away after the first step', async () => {
    await jam([1]);
    const { error_key } = await parked(1);
    const line = await openBadLine(workshop.url);

    const ended = await magasin(['parked', 'retry-group', 'letters', error_key, '--why', 'x', '--url', line.url]);

    line.close();
    expect(ended).toMatchObject({ code: 4, out: '' });
    expect(ended.err).toMatch(/^Not reached: nobody answers for the shop at /);
    expect(await readAll(`${workshop.url}/admin/audit`)).toHaveLength(1);
  });

  it('is left to itself with --no-wait', async () => {
    await jam([1]);
    const { error_key } = await parked(1);

    const { code, out } = await call(
      'parked',
      'retry-group',
      'letters',
      error_key,
      '--why',
      'x',
      '--no-wait',
      '--json',
    );

    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ until: expect.any(Number) as number, retried: 1 });
  });

  it('shows how far it is on a terminal only', async () => {
    await jam([1, 2]);
    const { error_key } = await parked(2);
    const args = ['parked', 'retry-group', 'letters', error_key, '--why', 'x', '--url', workshop.url];

    const terminal = await onTerminal(args);
    const pipe = await magasin(args);

    expect(terminal.code).toBe(4);
    expect(terminal.out).toContain('[####################] 2 of about 2 streams are due');
    expect(terminal.out).toContain(`2 streams of letters with ${error_key} tried again: 0 free, 2 parked again.`);
    expect(pipe.out + pipe.err).toBe(`2 streams of letters with ${error_key} tried again: 0 free, 2 parked again.\n`);
  });

  it('is listed whole, page by page, and as many as are wanted', async () => {
    await jam(numbers(1, 520));
    const { error_key } = await parked(520);
    const list = (...more: string[]) => call('parked', 'streams', 'letters', error_key, ...more);

    const [all, json, some] = await Promise.all([list('--all'), list('--all', '--json'), list('--limit', '3')]);

    const names = numbers(1, 520).map((id) => `user-${id}`);
    const listed = all.out.split('\n').slice(1, -1);
    expect(listed.map((line) => line.split(' ')[0]).toSorted()).toEqual(names.toSorted());
    const { items, nextCursor } = JSON.parse(json.out) as { items: { stream: string }[]; nextCursor: null };
    expect(items.map(({ stream }) => stream).toSorted()).toEqual(names.toSorted());
    expect(nextCursor).toBeNull();
    expect(some.out.split('\n').slice(1, -1)).toHaveLength(3);
    expect(some.err).toBe('There are more than these 3: --limit N shows so many, --all shows all.\n');
  });

  it('survives a reader that has seen enough', async () => {
    await jam(numbers(1, 250));
    const { error_key } = await parked(250);

    const { code, out, err } = await shell(
      `magasin parked streams letters ${error_key} --all --json --url ${workshop.url} | head -n 1`,
    );

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^\{"items":\[\{"consumer":"letters"/);
  });
});
