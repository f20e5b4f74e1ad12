import { grace, openShop, type TestShop } from './shop';

/** Every sample of a scrape, by its name and labels: `magasin_emails{state="queued"}`. */
async function scrape(url: string): Promise<{ samples: Map<string, number>; text: string; headers: Headers }> {
  const response = await fetch(`${url}/metrics`);
  expect(response.status).toBe(200);
  const text = await response.text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const samples = new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(/ (\S+)$/.exec(line)![1])]));
  return { samples, text, headers: response.headers };
}

const requests = (method: string, route: string, status: number): string =>
  `magasin_http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`;

describe('GET /metrics', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  it('is in the format that Prometheus reads, with a help and a type for each, and no sample twice', async () => {
    const { text, samples, headers } = await scrape(shop.store);

    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    const lines = text.split('\n').filter((line) => line !== '');
    const wrong = lines.filter((line) => !/^(# (HELP|TYPE) [a-z0-9_]+ .+|[a-z0-9_]+(\{.+\})? \S+)$/.test(line));
    expect(wrong).toEqual([]);
    // Node's own delay of the event loop has no mean when nothing was measured since the last scrape.
    const unnumbered = [...samples].filter(([, value]) => Number.isNaN(value)).map(([name]) => name);
    expect(unnumbered.filter((name) => !name.startsWith('nodejs_eventloop_'))).toEqual([]);
    expect(samples.size).toBe(lines.filter((line) => !line.startsWith('#')).length);
    const typed = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
    expect(new Set(typed).size).toBe(typed.length);
  });

  it('counts requests by route, method and status, and every path that leads nowhere as one', async () => {
    await shop.write(grace());
    await shop.post('/users', grace());
    await Promise.all([6, 7, 8].map((id) => shop.get(`/users/${id}`)));
    await Promise.all(['/nowhere', '/no/where?name=Grace', '/wp-login.php'].map((path) => shop.get(path)));
    await shop.get('/users/%');

    const { samples, text } = await scrape(shop.store);

    const counted = [
      requests('POST', '/users', 201),
      requests('POST', '/users', 409),
      requests('GET', '/users/:id', 200),
      requests('GET', '/users/:id', 404),
      requests('GET', 'unknown', 404),
      requests('GET', 'unknown', 400),
    ].map((name) => samples.get(name));
    expect(counted).toEqual([1, 1, 1, 2, 3, 1]);
    expect(text).not.toMatch(/nowhere|wp-login|Grace/);
    const seconds = samples.get(requests('POST', '/users', 201).replace('_count', '_sum'))!;
    expect(seconds).toBeGreaterThan(0);
  });

  it('keeps the requests of each app apart, and shows the log and the consumers in both', async () => {
    await shop.sent(1);

    const [store, coolriel] = await Promise.all([scrape(shop.store), scrape(shop.coolriel)]);

    expect(coolriel.samples.has(requests('POST', '/users', 201))).toBe(false);
    expect(coolriel.samples.get(requests('GET', '/emails', 200))).toBeGreaterThan(0);
    for (const { samples } of [store, coolriel]) {
      expect(samples.get('magasin_log_head')).toBe(1);
      expect(samples.get('magasin_consumer_up{consumer="coolriel"}')).toBe(1);
      expect(samples.get('magasin_consumer_lag_events{consumer="coolriel"}')).toBe(0);
      expect(samples.get('magasin_consumer_lag_seconds{consumer="coolriel"}')).toBe(0);
      expect(samples.get('magasin_consumer_events_total{consumer="coolriel",outcome="handled"}')).toBe(1);
      expect(samples.get('magasin_parked_streams{consumer="coolriel"}')).toBe(0);
      expect(samples.get('magasin_metrics_missing')).toBe(0);
      expect(samples.get('magasin_units_total')).toBeGreaterThanOrEqual(samples.get('magasin_commits_total')!);
      expect(samples.has('nodejs_eventloop_lag_p99_seconds')).toBe(true);
      expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(0);
    }
  });

  it('shows the e-mails that are not sent by state, and counts those that are', async () => {
    const { samples } = await scrape(shop.coolriel);

    expect(samples.get('magasin_emails_sent_total')).toBe(1);
    expect(samples.get('magasin_emails{state="queued"}')).toBe(0);
    expect(samples.get('magasin_emails{state="unknown"}')).toBe(0);
    expect(samples.has('magasin_emails{state="sent"}')).toBe(false);
    expect(samples.get('magasin_emails_oldest_queued_seconds')).toBe(0);
  });
});
