import { expectThePromiseKept } from './promise';
import { type NewUser, shopFolder, ShopProcess } from './shop-process';

const ROUNDS = 10;
const CLIENTS = 16;
const ANSWERED_AT_LEAST = 300;

interface KeyedAnswer {
  text: string;
  replayed: boolean;
}

/** Undefined when the shop died before it answered: it may have been written or not. */
async function writeKeyed(store: string, number: number, user: NewUser): Promise<KeyedAnswer | undefined> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `"user-${number}"` };
  const response = await fetch(`${store}/users`, { method: 'POST', headers, body: JSON.stringify(user) }).catch(
    () => undefined,
  );
  const text = await response?.text().catch(() => undefined);
  if (!response || text === undefined) return undefined;
  expect(`${response.status} ${text}`).toMatch(/^201 /);
  return { text, replayed: response.headers.has('idempotency-replayed') };
}

describe('A shop that is killed under POSTs with an Idempotency-Key', () => {
  const { folder, remove } = shopFolder();
  afterAll(remove);
  const asked: NewUser[] = [];
  const answers = new Map<number, string>();
  let replays = 0;

  const repeat = async (store: string, number: number): Promise<boolean> => {
    const answer = await writeKeyed(store, number, asked[number]);
    if (!answer) return false;
    if (answer.replayed) replays += 1;
    // Whoever was answered is answered the same.
    expect(answer.text).toBe(answers.get(number) ?? answer.text);
    answers.set(number, answer.text);
    return true;
  };

  /** What was left open comes first, then new users, and now and then one that was answered. */
  const askUntilItDies = async (store: string): Promise<void> => {
    const open = asked.flatMap((_, number) => (answers.has(number) ? [] : [number]));
    const next = (): number => {
      const left = open.shift();
      if (left !== undefined) return left;
      if (asked.length > CLIENTS && Math.random() < 0.2) return Math.floor(Math.random() * (asked.length - CLIENTS));
      const number = asked.length;
      asked.push({ name: `User ${number}`, email: `user${number}@example.com`, user_type_id: (number % 3) + 1 });
      return number;
    };
    const client = async (): Promise<void> => {
      while (await repeat(store, next()));
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
  };

  it('has one user for each key when all are asked for again', async () => {
    let rounds = 0;
    for (; rounds < ROUNDS || answers.size < ANSWERED_AT_LEAST; rounds++) {
      const shop = await ShopProcess.start(folder);
      const asking = askUntilItDies(shop.store);
      // Longer, when a slow machine has not answered much by now.
      await new Promise((done) => setTimeout(done, 30 + Math.random() * 400 * (1 + rounds / ROUNDS)));
      await shop.end('SIGKILL');
      await asking;
    }

    const shop = await ShopProcess.start(folder);
    for (const number of asked.keys()) expect(await repeat(shop.store, number)).toBe(true);
    const idOf = (text: string): number => (JSON.parse(text) as { user_id: number }).user_id;
    const acknowledged = new Map([...answers].map(([number, text]) => [idOf(text), asked[number]]));
    const kept = await expectThePromiseKept(shop, folder, asked, acknowledged);

    expect(kept.users).toBe(asked.length);
    expect(acknowledged.size).toBe(asked.length);
    expect(replays).toBeGreaterThanOrEqual(ANSWERED_AT_LEAST);
    expect(await shop.end('SIGTERM')).toBe(0);
    process.stdout.write(`killed ${rounds} times: ${asked.length} keys, ${replays} answers given again\n`);
  }, 1_200_000);
});
