import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { grace, openShop, type TestShop } from './shop';

const TYPES = [
  { user_type_id: 1, welcome: 'Merci de votre visite au Magasin du Coin', goodbye: 'notre client.' },
  { user_type_id: 2, welcome: "Bienvenue dans l'équipe du Magasin du Coin", goodbye: 'notre employé' },
  { user_type_id: 3, welcome: "Bienvenue dans l'équipe du Magasin du Coin", goodbye: 'notre gestionnaire' },
];

describe('The mailbox of a shop', () => {
  let shop: TestShop;
  let sent = 0;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.remove());

  const html = (file: string): string => readFileSync(join(shop.output, `${file}.html`), 'utf8');
  const mail = (file: string): Promise<ParsedMail> => simpleParser(readFileSync(join(shop.output, `${file}.eml`)));
  const addresses = (field?: AddressObject | AddressObject[]): unknown => [field].flat().flatMap((one) => one?.value);
  const comeAndGo = async (user: object): Promise<number> => {
    const id = await shop.write(grace(user));
    await shop.delete(`/users/${id}`);
    sent += 2;
    await shop.sent(sent);
    return id;
  };

  it.each(TYPES)('gets a welcome and a goodbye in the words for type $user_type_id', async (words) => {
    const id = await comeAndGo({ name: 'Zoë Hopper', user_type_id: words.user_type_id });

    for (const kind of ['welcome', 'goodbye'] as const) {
      const { text } = await mail(`${kind}_${id}`);
      const page = html(`${kind}_${id}`).replaceAll('&#39;', "'");
      const [{ data }] = (await shop.events(`?stream=user-${id}`)).slice(kind === 'welcome' ? 0 : 1);
      for (const said of [
        words[kind],
        String(id),
        'Zoë Hopper',
        'grace@example.com',
        data.datetime,
        'Magasin du Coin',
      ]) {
        expect(page).toContain(said);
        expect(text).toContain(said);
      }
      const others = TYPES.map((other) => other[kind]).filter((other) => other !== words[kind]);
      for (const other of others) expect(page).not.toContain(other);
    }
  });

  it('holds two whole files of each e-mail and nothing else', () => {
    const kinds = ['welcome', 'goodbye'];
    const files = [6, 7, 8].flatMap((id) => kinds.flatMap((kind) => [`${kind}_${id}.eml`, `${kind}_${id}.html`]));

    expect(readdirSync(shop.output).toSorted()).toEqual(files.toSorted());
    for (const file of files) {
      const text = readFileSync(join(shop.output, file), 'utf8').trimEnd();
      expect(text.endsWith(file.endsWith('.html') ? '</html>' : '--')).toBe(true);
    }
  });

  it('gets the goodbye after the welcome', async () => {
    const kinds = (await shop.emails()).toReversed().map(({ template }) => template);

    expect(kinds).toEqual(['welcome', 'goodbye', 'welcome', 'goodbye', 'welcome', 'goodbye']);
    for (const id of [6, 7, 8]) {
      const [welcome, goodbye] = ['welcome', 'goodbye'].map((kind) => join(shop.output, `${kind}_${id}.eml`));
      expect(statSync(goodbye).mtimeMs).toBeGreaterThanOrEqual(statSync(welcome).mtimeMs);
    }
  });

  it('gets e-mails that a mail program reads: both parts, and where they come from', async () => {
    const [welcome] = (await shop.emails()).filter(({ template }) => template === 'welcome');
    const [event] = (await shop.events('?type=UserCreated')).slice(-1);

    const { messageId, headers, date, from, to, subject, text, html: page } = await mail('welcome_8');

    expect(messageId).toMatch(new RegExp(`^<evt-${event.id}\\.welcome\\.[0-9a-f]{12}@magasinducoin\\.ca>$`));
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(date).toEqual(new Date(Math.floor(Date.parse(welcome.created_at) / 1_000) * 1_000));
    expect(addresses(from)).toEqual([{ name: 'Magasin du Coin', address: 'bonjour@magasinducoin.ca' }]);
    expect(addresses(to)).toEqual([{ name: '', address: 'grace@example.com' }]);
    expect(subject).toBe('Bienvenue au Magasin du Coin, Zoë Hopper');
    expect(text).toMatch(/^Bienvenue, Zoë Hopper !\n/);
    expect(page).toBe(html('welcome_8'));
  });

  it('shows a name as it is, and never takes it for markup or a header', async () => {
    const name = `<script>alert("1")</script> & l'autre, Bcc: all@example.com`;

    const id = await comeAndGo({ name });

    for (const kind of ['welcome', 'goodbye']) {
      const page = html(`${kind}_${id}`);
      expect(page).not.toContain('<script');
      expect(page).toContain(
        '<td>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; l&#39;autre, Bcc: all@example.com</td>',
      );
      const { subject, text, bcc, headers } = await mail(`${kind}_${id}`);
      expect(subject).toMatch(/, <script>alert\("1"\)<\/script> & l'autre, Bcc: all@example\.com$/);
      expect(text).toContain(`Nom : ${name}`);
      expect(bcc).toBeUndefined();
      expect([...headers.keys()].filter((header) => header !== 'x-correlation-id').toSorted()).toEqual([
        'auto-submitted',
        'content-language',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'reply-to',
        'subject',
        'to',
        'x-auto-response-suppress',
      ]);
    }
  });

  it('gets e-mails to addresses from all over the world', async () => {
    const id = await comeAndGo({ name: '李 😀', email: "o'neil+shop@münchen.de" });

    const { subject, to } = await mail(`welcome_${id}`);
    expect(subject).toBe('Bienvenue au Magasin du Coin, 李 😀');
    expect(addresses(to)).toEqual([
      { name: '', address: expect.stringMatching(/^o'neil\+shop@(münchen|xn--mnchen-3ya)\.de$/) as string },
    ]);
  });
});
