import * as fc from 'fast-check';
import type { Documented } from '../documented';
import { effectFaults, faultsOf } from './judge';
import { type Change, Ledger } from './ledger';
import { Promises } from './promise';
import { type Route, routesOf, withTurns } from './routes';
import { type Mode, openStage, type Stage } from './stage';
import { bytesOf, promisesMore, type StrangeRequest } from './strange-request';
import { exchange } from './wire';

interface App {
  origin: string;
  documented: Documented;
}

const PAGES: Omit<Route, 'app' | 'turn'>[] = [
  { method: 'GET', path: '/api', example: '/api', query: [] },
  { method: 'GET', path: '/api-json', example: '/api-json', query: [] },
  { method: 'GET', path: '/api/{file}', example: '/api/swagger-ui.css', query: [] },
];

/** What the stage puts right. */
const STAGED = ['parked_event', 'parked_stream', 'email', 'users'];

/** Requests to one running shop, one after the other, each with its answers and all that it has changed. */
export class Session {
  requests = 0;
  private readonly promises = new Promises();

  private constructor(
    private readonly stage: Stage,
    readonly mode: Mode,
    private readonly ledger: Ledger,
    readonly apps: Map<string, App>,
    /** What the apps document. */
    readonly routes: Route[],
    /** The documents themselves, and how they are shown. */
    readonly pages: Route[],
  ) {}

  static async open(mode: Mode): Promise<Session> {
    const stage = await openStage(mode);
    const apps = new Map<string, App>();
    const routes: Route[] = [];
    const { store, payments, coolriel } = stage.shop;
    for (const [name, origin] of Object.entries({ 'store-manager': store, payments, coolriel })) {
      const found = await routesOf(name, origin);
      apps.set(name, { origin, documented: found.documented });
      routes.push(...found.routes);
    }
    const ledger = new Ledger(stage.database);
    const pages = [...apps.keys()].flatMap((app) => PAGES.map((page) => ({ ...page, app, turn: { of: 1, at: 0 } })));
    const session = new Session(stage, mode, ledger, apps, withTurns(routes), withTurns(pages));
    await session.note();
    expect(session.promises.broken(ledger)).toEqual([]);
    return session;
  }

  get shop(): Stage['shop'] {
    return this.stage.shop;
  }

  /** Sends a request. @throws when the shop does not answer it as it must, or does something else than it answers. */
  async send({ target: written, ...rest }: StrangeRequest): Promise<void> {
    const target = await this.stage.customer.prepare(rest.method, written, this.ledger);
    await this.note();
    const request = { ...rest, target };
    const { origin, documented } = this.apps.get(request.app)!;
    const answers = await exchange(origin, bytesOf(request), { method: request.method, hangUp: promisesMore(request) });
    this.requests += 1;
    const changes = await this.note();
    // A GET is answered before its body has come.
    const mayBreakOff = promisesMore(request) && request.method === 'GET';
    const faults = [
      ...(answers.length === 0 && !mayBreakOff ? ['no answer'] : []),
      ...answers.flatMap((answer) => faultsOf(request, answer, documented)),
      ...effectFaults(request, answers, changes, { documented, mode: this.mode }),
      ...(changes.size > 0 ? this.promises.broken(this.ledger) : []),
    ];
    if (STAGED.some((table) => (changes.get(table)?.removed.length ?? 0) > 0)) {
      this.stage.restore();
      this.promises.restored();
      await this.note();
    }
    if (faults.length > 0) throw new Error([JSON.stringify(request), ...faults].join('\n'));
  }

  /** What has changed, and what the log says of it. */
  private async note(): Promise<Map<string, Change>> {
    const changes = await this.ledger.changes();
    this.promises.take(changes.get('event_log'));
    return changes;
  }

  /** The routes that no request has come to and passed the check of its input, by the app's own count. */
  async unreached(): Promise<string[]> {
    const reached = new Set<string>();
    for (const [app, { origin }] of this.apps) {
      const text = await (await fetch(`${origin}/metrics`)).text();
      const counts = text.matchAll(/_duration_seconds_count\{.*?method="(\w+)",route="([^"]+)",status="(\d+)"/g);
      for (const [, method, route, status] of counts) {
        if (!['400', '405', '413', '414', '415'].includes(status)) reached.add(`${app} ${method} ${route}`);
      }
    }
    return this.routes
      .map(({ app, method, path }) => `${app} ${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`)
      .filter((route) => !reached.has(route));
  }

  async close(): Promise<void> {
    this.ledger.close();
    await this.stage.remove();
  }
}

/** Holds each route to a property of requests, so many times. A failure tells how to see it again. */
export async function holdRoutes(
  session: Session,
  requestTo: (route: Route) => fc.Arbitrary<StrangeRequest>,
  { seed, runs }: { seed: number; runs: number },
): Promise<void> {
  for (const route of [...session.routes, ...session.pages]) {
    const property = fc.asyncProperty(requestTo(route), (request) => session.send(request));
    await fc
      .assert(property, {
        seed,
        numRuns: Math.ceil(runs / route.turn.of),
        interruptAfterTimeLimit: 120_000,
        markInterruptAsFailure: true,
        includeErrorInReport: true,
      })
      .catch((error: Error) => {
        throw new Error(
          [
            `${route.app} ${route.method} ${route.path}:`,
            `PAYMENTS_MODE=${session.mode} FUZZ_SEED=${seed} FUZZ_RUNS=${runs}\n${error.message}`,
          ].join(' '),
        );
      });
  }
}
