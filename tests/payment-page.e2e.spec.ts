import Sqlite from 'better-sqlite3';
import type { Browser, Page, SerializedAXNode } from 'puppeteer-core';
import { launchChromium } from './chromium';
import { CONTRASTS } from './contrasts';
import { needs } from './needs';
import { ask, openShop, type TestShop } from './shop';

const WIDTHS = [360, 1280];
const FIELDS = ['cardNumber', 'cardCode', 'expirationDate'];
const flat = (node: SerializedAXNode | null): SerializedAXNode[] =>
  node ? [node, ...(node.children ?? []).flatMap(flat)] : [];

needs('chromium')('The page of a payment in a browser', () => {
  let shop: TestShop;
  let browser: Browser;
  let complaints: string[];
  let sent: { url: string; body?: string }[];
  beforeAll(async () => {
    [shop, browser] = await Promise.all([openShop(), launchChromium()]);
  });
  beforeEach(() => {
    complaints = [];
    sent = [];
  });
  afterAll(async () => {
    await browser.close();
    await shop.remove();
  });

  const request = async (order_id: number, total_amount: number): Promise<number> => {
    const asked = { user_id: 1, order_id, total_amount };
    return (await ask<{ payment_id: number }>(`${shop.payments}/payments`, 'POST', asked)).body.payment_id;
  };
  /** @returns the id of the payment of a new order. */
  const place = async (): Promise<number> => {
    const items = [{ product_id: 2, quantity: 1 }];
    const { body } = await shop.post<{ order_id: number }>('/orders', { user_id: 1, items });
    return request(body.order_id, 59.5);
  };
  const stateOf = async (id: number): Promise<string> =>
    (await ask<{ state: string }>(`${shop.payments}/payments/${id}`)).body.state;
  const setState = (id: number, state: string): void => {
    const stranger = new Sqlite(shop.database.replace('sqlite:', ''), { timeout: 5_000 });
    stranger.prepare('UPDATE payments SET state = ? WHERE id = ?').run(state, id);
    stranger.close();
  };

  const visit = async (id: number, width = 1280, status = 200): Promise<Page> => {
    const page = await browser.newPage();
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (failed) => complaints.push(`not loaded: ${failed.url()}`));
    page.on('request', (one) => {
      if (one.method() === 'POST') sent.push({ url: one.url(), body: one.postData() });
    });
    await page.setViewport({ width, height: 800 });
    const answer = await page.goto(`${shop.payments}/payments/process/${id}`, { waitUntil: 'networkidle0' });
    expect(answer?.status()).toBe(status);
    return page;
  };
  const text = (page: Page, selector: string): Promise<string> =>
    page.$eval(selector, ({ textContent }) => textContent as string);
  const says = (page: Page, selector: string, words: string) =>
    page.waitForFunction(
      `document.querySelector(${JSON.stringify(selector)})?.textContent.includes(${JSON.stringify(words)})`,
    );
  const errors = (page: Page): Promise<string[]> => Promise.all(FIELDS.map((name) => text(page, `#${name}-error`)));

  for (const width of WIDTHS) {
    it(`takes a card as people read it, by the keyboard alone, and says that it is paid, ${width} wide`, async () => {
      const id = await place();
      const page = await visit(id, width);

      for (const value of ['4111 1111-1111 1111', '012', '1/31']) {
        await page.keyboard.press('Tab');
        await page.keyboard.type(value);
      }
      await page.keyboard.press('Enter');
      await says(page, '#outcome', 'Le paiement est fait.');

      expect(sent).toEqual([
        {
          url: `${shop.payments}/payments/process/${id}`,
          body: '{"cardNumber":"4111111111111111","cardCode":"012","expirationDate":"2031-01"}',
        },
      ]);
      expect(await stateOf(id)).toBe('paid');
      expect(await page.$('form')).toBeNull();
      expect(await page.evaluate('document.activeElement.id')).toBe('outcome');
      await page.reload();
      expect(await text(page, '#outcome')).toContain('Le paiement est fait.');
      expect(complaints).toEqual([]);
      await page.close();
    });

    it(`fits, ${width} wide, whatever it says`, async () => {
      const id = await request(9_000_000_000_000_000 + width, 9_999_999_999.99);
      for (const state of ['requested', 'paid', 'cancelled', 'refunded']) {
        setState(id, state);
        const page = await visit(id, width);
        expect(await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')).toEqual([width, width]);
        expect(await text(page, 'dd:last-of-type')).toBe('9\u00A0999\u00A0999\u00A0999,99\u00A0$');
        await page.close();
      }
      const page = await visit(999, width, 404);
      expect(await text(page, 'h1')).toBe('Paiement inconnu');
      await page.close();
    });
  }

  it('says beside each field what is wrong with it, goes there, and forgets it when it is right', async () => {
    const id = await place();
    const page = await visit(id);
    await page.type('#cardNumber', '4111');
    await page.type('#cardCode', '123');
    await page.type('#expirationDate', '2020-01');

    await page.click('button');
    await says(page, '#cardNumber-error', 'de 12 à 19 chiffres');

    expect(await errors(page)).toEqual([expect.stringContaining('12 à 19'), '', expect.stringContaining('à venir')]);
    expect(await page.evaluate('document.activeElement.id')).toBe('cardNumber');
    expect(await page.$$eval('[aria-invalid]', (all) => all.map((one) => one.id as string))).toEqual([
      'cardNumber',
      'expirationDate',
    ]);
    const described = (await page.accessibility.snapshot({ root: (await page.$('#cardNumber'))! })) as {
      description?: string;
    };
    expect(described.description).toContain('Le numéro de la carte a de 12 à 19 chiffres.');

    await page.type('#cardNumber', '111111111111');
    await page.$eval('#expirationDate', (input) => (input.value = '2031-01'));
    await page.click('button');
    await says(page, '#outcome', 'Le paiement est fait.');
    expect(await stateOf(id)).toBe('paid');
    await page.close();
  });

  const fill = async (page: Page): Promise<void> => {
    await page.type('#cardNumber', '4111111111111111');
    await page.type('#cardCode', '123');
    await page.type('#expirationDate', '01/2031');
  };

  it('says that the order was cancelled when it was meanwhile', async () => {
    const id = await place();
    const page = await visit(id);
    await fill(page);
    setState(id, 'cancelled');

    await Promise.all([page.waitForNavigation(), page.click('button')]);

    expect(await text(page, '#outcome')).toContain('La commande a été annulée');
    expect(await page.$('form')).toBeNull();
    await page.close();
  });

  it('says that it does not know when no answer comes, and is charged once when it is sent again', async () => {
    const id = await place();
    const page = await visit(id);
    await fill(page);
    await page.setOfflineMode(true);
    await page.click('button');
    await says(page, '#outcome', 'n’a pas pu être confirmé');
    expect(await stateOf(id)).toBe('requested');

    await page.setOfflineMode(false);
    await page.click('button');
    await says(page, '#outcome', 'Le paiement est fait.');

    const received = (await shop.events('?type=PaymentReceived')).filter(({ stream }) => stream === `payment-${id}`);
    expect(received).toHaveLength(1);
    await page.close();
  });

  it('sends one request when the button is pressed twice', async () => {
    const page = await visit(await place());
    await fill(page);

    await page.evaluate(`{ const button = document.querySelector('button'); button.click(); button.click(); }`);
    await says(page, '#outcome', 'Le paiement est fait.');

    expect(sent).toHaveLength(1);
    await page.close();
  });

  it('sends no card without its script, and says why', async () => {
    const id = await place();
    const page = await visit(id);
    await page.setJavaScriptEnabled(false);
    await page.reload();
    expect(await text(page, 'noscript')).toContain('JavaScript');
    await fill(page);
    const before = page.url();

    await page.click('button');
    await page.keyboard.press('Enter');
    // What it would send goes out before this is answered.
    await ask(`${shop.payments}/health-check`);

    expect([sent, page.url(), await stateOf(id)]).toEqual([[], before, 'requested']);
    expect(complaints.join()).toContain('form-action');
    await page.close();
  });

  it('has landmarks, one heading, names for all that is used, and its language', async () => {
    const page = await visit(await place());

    const tree = flat(await page.accessibility.snapshot({ interestingOnly: false }));
    const roles = tree.map(({ role }) => role);
    expect(roles).toEqual(expect.arrayContaining(['banner', 'main', 'form', 'status', 'button']));
    expect(tree.filter(({ role }) => role === 'heading').map(({ name }) => name)).toEqual(['Paiement']);
    const used = tree.filter(({ role }) => role === 'textbox' || role === 'button');
    expect(used.map(({ name }) => name)).toEqual([
      'Numéro de la carte',
      'Code de sécurité',
      'Date d’expiration',
      'Payer',
    ]);
    expect(await page.$eval('html', ({ lang }) => lang as string)).toBe('fr-CA');
    await page.close();
  });

  for (const scheme of ['light', 'dark']) {
    it(`is legible in ${scheme}, and shows where the keyboard is`, async () => {
      const id = await place();
      const page = await visit(id);
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.$eval('form', (form) => (form.noValidate = true));
      await page.click('button');
      await says(page, '#cardCode-error', '3 ou 4 chiffres');

      const legible = async (): Promise<string[]> => {
        const contrasts = (await page.evaluate(CONTRASTS)) as { text: string; contrast: number }[];
        expect(contrasts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
        return contrasts.map((one) => one.text);
      };
      expect(await legible()).toEqual(
        expect.arrayContaining(['Magasin du Coin', 'Numéro de la carte', '12 à 19 chiffres', 'Payer']),
      );
      for (const one of await page.$$('input, button')) {
        await one.focus();
        await page.keyboard.press('Shift');
        expect(await page.evaluate('getComputedStyle(document.activeElement).outline')).toContain('solid 3px');
      }
      setState(id, 'paid');
      await page.reload();
      expect(await legible()).toEqual(expect.arrayContaining(['Montant', 'Le paiement est fait. Merci\u00A0!']));
      await page.close();
    });
  }

  it('lets nothing in that is not its own', async () => {
    const page = await visit(await place());

    await page.$eval('main', (main) => main.setAttribute('style', 'color: red'));
    await page.$eval('main', (main) =>
      main.insertAdjacentHTML('beforeend', '<img src="/payments" onerror="alert(3)">'),
    );
    const foreign = await page.evaluate(`fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'stopped')`);
    await page.evaluate(
      `{ const one = document.createElement('script'); one.text = 'window.harm = 1'; document.body.append(one); }`,
    );

    expect([foreign, await page.evaluate('window.harm')]).toEqual(['stopped', undefined]);
    expect(complaints.join('\n')).toMatch(/style-src[^]*img-src[^]*connect-src[^]*script-src/);
    await page.close();
  });
});
