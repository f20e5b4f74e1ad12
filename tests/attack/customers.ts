import { setTimeout as delay } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import type { Cluster, Member } from './cluster';
import { Random } from './random';

const CARD = { cardNumber: 9_999_999_999_999, cardCode: 123, expirationDate: '2099-01-05' };
/** Enough of them that customers seldom wait for each other's rows. */
const PRODUCTS = 40;
/** A client that hears nothing for so long asks another process. In milliseconds. */
const PATIENCE_MS = 6_000;
/** So long a client tries before the attack has failed. Longer than the longest fault, with all that comes after. */
const LONGEST_MS = 180_000;

interface Answer<T> {
  status: number;
  body: T;
  /** How often it was asked for. More than once: an earlier one may have been done, unheard. */
  tries: number;
}

/** What the shop has acknowledged: every answer was waited for, so nothing is in doubt. */
export class Acknowledged {
  readonly users = new Map<number, { name: string; email: string }>();
  readonly deletedUsers = new Set<number>();
  /** With their users. */
  readonly orders = new Map<number, number>();
  readonly cancelled = new Set<number>();
  readonly paid = new Set<number>();
}

/** People who use the shop through all of its processes, and try again until they are answered. */
export class Customers {
  readonly acknowledged = new Acknowledged();
  /** Answers that nobody should get. */
  readonly strange: string[] = [];
  /** Requests that were answered, and those that had to be tried again. */
  written = 0;
  retried = 0;
  private readonly products: number[] = [];
  private stopping = false;
  private numbers = 0;
  private running: Promise<void>[] = [];

  constructor(
    private readonly cluster: Cluster,
    private readonly seed: number,
  ) {}

  /** So much of everything that nothing is ever sold out. */
  async fillStock(): Promise<void> {
    const random = new Random(this.seed);
    while (this.products.length < PRODUCTS) {
      const number = this.products.length + 1;
      const product = { name: `Product ${number}`, sku: `ATTACK-${number}`, price: number };
      const added = await this.ask<{ product_id: number }>('store-manager', 'POST', '/products', {
        body: product,
        random,
      });
      const { product_id } = added.body;
      await this.ask('store-manager', 'POST', '/stocks', { body: { product_id, quantity: 900_000 }, random });
      this.products.push(product_id);
    }
  }

  open(clients: number): void {
    this.running = Array.from({ length: clients }, (_, index) => this.live(new Random(this.seed * 1_000 + index)));
  }

  /** Everybody ends what he has begun. @throws Error of a client that was never answered */
  async close(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running);
  }

  private async live(random: Random): Promise<void> {
    while (!this.stopping) {
      const user = await this.join(random);
      for (let orders = random.oneOf([0, 1, 1, 2]); orders > 0 && user !== undefined; orders -= 1) {
        await this.buy(random, user);
      }
      if (user !== undefined && random.next() < 0.05) await this.leave(random, user);
    }
  }

  private async join(random: Random): Promise<number | undefined> {
    this.numbers += 1;
    const name = `Customer ${this.numbers}`;
    const user = { name, email: `customer${this.numbers}@example.com`, user_type_id: 1 };
    const { status, body } = await this.ask<{ user_id: number }>('store-manager', 'POST', '/users', {
      body: user,
      random,
    });
    if (status !== 201) return this.wonder('POST /users', status, body);
    this.acknowledged.users.set(body.user_id, user);
    return body.user_id;
  }

  private async leave(random: Random, id: number): Promise<void> {
    const { status, body, tries } = await this.ask('store-manager', 'DELETE', `/users/${id}`, { random });
    if (status === 200 || (status === 404 && tries > 1)) this.acknowledged.deletedUsers.add(id);
    else this.wonder(`DELETE /users/${id}`, status, body);
  }

  private async buy(random: Random, user_id: number): Promise<void> {
    const items = random
      .shuffled(this.products)
      .slice(0, random.oneOf([1, 2]))
      .map((product_id) => ({ product_id, quantity: random.oneOf([1, 2]) }));
    const made = await this.ask<{ order_id: number }>('store-manager', 'POST', '/orders', {
      body: { user_id, items },
      random,
    });
    if (made.status !== 201) return this.wonder('POST /orders', made.status, made.body);
    const { order_id } = made.body;
    this.acknowledged.orders.set(order_id, user_id);
    const mood = random.next();
    if (mood < 0.15) return this.cancel(random, order_id);
    const payment = await this.paymentOf(random, order_id);
    if (payment === undefined || mood > 0.95) return;
    if (mood < 0.25) {
      await Promise.all([this.pay(random, order_id, payment), this.cancel(random, order_id)]);
      return;
    }
    await this.pay(random, order_id, payment);
    if (mood < 0.35) await this.cancel(random, order_id);
  }

  private async cancel(random: Random, order_id: number): Promise<void> {
    const { status, body, tries } = await this.ask('store-manager', 'DELETE', `/orders/${order_id}`, { random });
    if (status === 200 || (status === 404 && tries > 1)) this.acknowledged.cancelled.add(order_id);
    else this.wonder(`DELETE /orders/${order_id}`, status, body);
  }

  /** Looks for the link from time to time, as people do. Undefined when the shop closes first. */
  private async paymentOf(random: Random, order_id: number): Promise<string | undefined> {
    while (!this.stopping) {
      await delay(random.between(150, 400));
      const { status, body } = await this.ask<{ payment_link: string | null }>(
        'store-manager',
        'GET',
        `/orders/${order_id}`,
        { random },
      );
      if (status !== 200) return this.wonder(`GET /orders/${order_id}`, status, body);
      if (body.payment_link) return new URL(body.payment_link).pathname;
    }
    return undefined;
  }

  private async pay(random: Random, order_id: number, path: string): Promise<void> {
    const { status, body } = await this.ask('payments', 'POST', path, { body: CARD, random });
    if (status === 200) this.acknowledged.paid.add(order_id);
    // Who cancels at the same moment may come first.
    else if (status !== 409) this.wonder(`POST ${path}`, status, body);
  }

  private wonder(what: string, status: number, body: unknown): undefined {
    this.strange.push(`${what} answered ${status} ${JSON.stringify(body)}`);
  }

  /** Asks any process of an app, with a key where one is taken, and another one until there is an answer. */
  private async ask<T>(
    app: Member['app'],
    method: string,
    path: string,
    { body, random }: { body?: object; random: Random },
  ): Promise<Answer<T>> {
    const key = { 'idempotency-key': randomUUID() };
    const until = Date.now() + LONGEST_MS;
    for (let tries = 1; ; tries += 1) {
      const { url } = random.oneOf(this.cluster.of(app));
      const outcome = await once<T>(`${url}${path}`, {
        method,
        headers: {
          ...(method === 'POST' && app === 'store-manager' && key),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      if (outcome.status !== undefined && !outcome.again) {
        if (outcome.status >= 500) this.wonder(`${method} ${path}`, outcome.status, outcome.body);
        else {
          this.written += method === 'GET' ? 0 : 1;
          return { status: outcome.status, body: outcome.body, tries };
        }
      }
      this.retried += 1;
      if (Date.now() > until) {
        throw new Error(`${method} ${url}${path} had no answer for ${LONGEST_MS} ms: ${outcome.why}`);
      }
      await delay(random.between(100, 800));
    }
  }
}

interface Outcome<T> {
  status?: number;
  body: T;
  /** It says itself that it may be asked again: 503, or a key that is being worked on. */
  again?: boolean;
  why: string;
}

async function once<T>(url: string, request: RequestInit): Promise<Outcome<T>> {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(PATIENCE_MS) });
    const body = (await response.json()) as T;
    const { status } = response;
    return { status, body, again: response.headers.has('retry-after'), why: `${status} ${JSON.stringify(body)}` };
  } catch (error) {
    const { message, cause } = error as Error;
    return { body: undefined as T, why: `${message} ${cause instanceof Error ? cause.message : ''}` };
  }
}
