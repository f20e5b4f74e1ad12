import { expectThePromiseKept } from './promise';
import { type NewUser, shopFolder, ShopProcess, writeUser } from './shop-process';

const ROUNDS = 30;
const CLIENTS = 16;
const ACKNOWLEDGED_AT_LEAST = 1_000;

/** Until the shop dies under them, clients write users one after the other. */
async function writeUntilItDies(store: string, asked: NewUser[], acknowledged: Map<number, NewUser>): Promise<void> {
  const client = async (): Promise<void> => {
    for (;;) {
      const number = asked.length;
      const user = { name: `User ${number}`, email: `user${number}@example.com`, user_type_id: (number % 3) + 1 };
      asked.push(user);
      const answer = await writeUser(store, user);
      if (!answer) return;
      expect(answer.status).toBe(201);
      acknowledged.set((answer.body as { user_id: number }).user_id, user);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

describe('A shop that is killed', () => {
  const { folder, remove } = shopFolder();
  afterAll(remove);

  it(`keeps its promise through ${ROUNDS} kills at random moments and more`, async () => {
    const asked: NewUser[] = [];
    const acknowledged = new Map<number, NewUser>();

    let rounds = 0;
    for (; rounds < ROUNDS || acknowledged.size < ACKNOWLEDGED_AT_LEAST; rounds++) {
      const shop = await ShopProcess.start(folder);
      const writing = writeUntilItDies(shop.store, asked, acknowledged);
      // Longer, when a slow machine has not answered much by now.
      await new Promise((done) => setTimeout(done, 30 + Math.random() * 400 * (1 + rounds / ROUNDS)));
      await shop.end('SIGKILL');
      await writing;
    }

    const shop = await ShopProcess.start(folder);
    const kept = await expectThePromiseKept(shop, folder, asked, acknowledged);
    expect(await shop.end('SIGTERM')).toBe(0);
    process.stdout.write(
      `killed ${rounds} times: ${asked.length} asked, ${acknowledged.size} acknowledged, ${kept.users} kept\n`,
    );
  }, 1_200_000);
});
