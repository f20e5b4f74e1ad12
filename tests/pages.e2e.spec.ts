import type { Browser, Page, SerializedAXNode } from 'puppeteer-core';
import { catalogue } from '../apps/coolriel/src/emails';
import { launchChromium } from './chromium';
import { CONTRASTS } from './contrasts';
import { needs } from './needs';
import { grace, openShop, type TestShop } from './shop';

const WIDTHS = [360, 1280];
const HOSTILE = `<script>alert("1")</script><img src=x onerror=alert(2)> & l'autre`;
/** With spaces alone: a browser breaks the lines elsewhere. */
const spaced = (text: string): string => text.replaceAll(/\s+/g, ' ');
const flat = (node: SerializedAXNode | null): SerializedAXNode[] =>
  node ? [node, ...(node.children ?? []).flatMap(flat)] : [];
const PREVIEWS = catalogue.flatMap(({ name, samples }) => Object.keys(samples).map((sample) => ({ name, sample })));

needs('chromium')('The pages of coolriel in a browser', () => {
  let shop: TestShop;
  let browser: Browser;
  let complaints: string[];
  beforeAll(async () => {
    [shop, browser] = await Promise.all([openShop(), launchChromium()]);
    await shop.write(grace());
    await shop.write(grace({ name: HOSTILE, email: 'hostile@example.com', user_type_id: 2 }));
    await shop.delete('/users/6');
    await shop.sent(3);
  });
  beforeEach(() => (complaints = []));
  afterAll(async () => {
    await browser.close();
    await shop.remove();
  });

  /** A page that notes whatever a browser complains of: in its console, of the policy, of what it could not load. */
  const visit = async (path: string, width = 1280): Promise<Page> => {
    const page = await browser.newPage();
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(`not loaded: ${request.url()}`));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.setViewport({ width, height: 800 });
    const answer = await page.goto(shop.coolriel + path, { waitUntil: 'networkidle0' });
    expect(answer?.status()).toBe(200);
    return page;
  };
  const texts = (page: Page, selector: string): Promise<string[]> =>
    page.$$eval(selector, (elements) => elements.map(({ textContent }) => textContent as string));
  /** Follows a link or sends a form, as a finger does. */
  const follow = async (page: Page, selector: string) => {
    const [answer] = await Promise.all([page.waitForNavigation(), page.click(selector)]);
    return answer!;
  };

  for (const width of WIDTHS) {
    it(`show every e-mail of the catalogue, in both parts, ${width} wide`, async () => {
      const page = await visit('/previews', width);

      expect(await texts(page, 'section > h2')).toEqual(catalogue.map(({ name }) => name));
      expect(await texts(page, 'section h3')).toEqual(PREVIEWS.map(({ sample }) => sample));
      const plain = await texts(page, 'pre');
      for (const [index, element] of (await page.$$('iframe')).entries()) {
        const { name, sample } = PREVIEWS[index];
        const { body, subject, to, samples } = catalogue.find((declaration) => declaration.name === name)!;
        await element.scrollIntoView();
        const frame = await element.contentFrame();
        await frame.waitForSelector('footer');
        const seen = spaced(await frame.$eval('body', ({ innerText }) => innerText as string));
        const { heading, paragraphs, lines = [], link, facts } = body(samples[sample]);
        const said = [heading, ...paragraphs, ...lines.flat(), link?.words, ...facts.flat()].filter((words) => !!words);
        for (const words of said as string[]) {
          expect(seen).toContain(spaced(words));
          expect(plain[index]).toContain(words);
        }
        const addresses = await frame.$$eval('a', (all) => all.map(({ href }) => href as string));
        expect(addresses).toEqual(link ? [link.address] : []);
        const dd = await texts(page, `article[aria-label="${name}, ${sample}"] dd`);
        expect(dd).toEqual([to(samples[sample]), subject(samples[sample])]);
      }
      expect(await page.$$('iframe')).toHaveLength(PREVIEWS.length);
      expect(complaints).toEqual([]);
      await page.close();
    });

    it(`fit, ${width} wide, with the longest name that there is`, async () => {
      await shop.write(grace({ name: 'W'.repeat(100), email: `${'w'.repeat(60)}${width}@example.com` }));

      for (const path of ['/mailbox', '/previews', '/mailbox?recipient=nobody']) {
        const page = await visit(path, width);
        const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
        expect(widths).toEqual([width, width]);
        await page.close();
      }
    });

    it(`show what was sent, and lead to the e-mail and to its event, ${width} wide`, async () => {
      const [event] = (await shop.events('?type=UserCreated')).filter(({ data }) => data.name === HOSTILE);
      const page = await visit('/mailbox?recipient=hostile%40example.com', width);

      expect(await texts(page, '.emails h2')).toEqual([`Bienvenue au Magasin du Coin, ${HOSTILE}`]);
      expect(await texts(page, '.state')).toEqual(['sent']);
      await follow(page, '.emails h2 a');
      expect(await texts(page, 'h1')).toEqual([`Bienvenue, ${HOSTILE} !`]);
      await page.goBack();
      expect(complaints).toEqual([]);
      const answer = await follow(page, '.emails a[href*="/events/"]');
      expect({ status: answer.status(), url: answer.url() }).toEqual({
        status: 200,
        url: `${shop.store}/events/${event.id}`,
      });
      expect(await answer.json()).toMatchObject({ id: event.id, type: 'UserCreated', data: { name: HOSTILE } });
      await page.close();
    });

    it(`filter and turn pages without JavaScript, ${width} wide`, async () => {
      const page = await visit('/mailbox?limit=2', width);
      await page.setJavaScriptEnabled(false);
      const all = (await shop.emails()).map(({ subject }) => subject);

      await follow(page, 'a[rel=next]');
      expect(await texts(page, '.emails h2')).toEqual(all.slice(2, 4));
      await page.type('[name=recipient]', ' grace@example.com ');
      await page.select('[name=state]', 'sent');
      await follow(page, 'button');
      expect(await texts(page, '.emails h2')).toEqual([
        'Au revoir, Grace Hopper',
        'Bienvenue au Magasin du Coin, Grace Hopper',
      ]);
      await page.select('[name=state]', 'queued');
      await follow(page, 'button');
      expect(await texts(page, 'main > p.card')).toEqual(['No e-mail is like that. Show all']);
      await follow(page, 'p.card a');
      expect(await texts(page, '.emails h2')).toEqual(all);
      expect(complaints).toEqual([]);
      await page.close();
    });
  }

  for (const path of ['/mailbox', '/previews']) {
    it(`have landmarks, headings in order, names for all that is used, and its languages on ${path}`, async () => {
      const page = await visit(path);

      const tree = flat(await page.accessibility.snapshot({ interestingOnly: false }));
      const levels = tree.filter(({ role }) => role === 'heading').map(({ level }) => level!);
      expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      const named = /^(link|button|textbox|combobox|Iframe|navigation|search|region|article)$/;
      const roles = tree.map(({ role }) => role);
      expect(roles).toEqual(expect.arrayContaining(['banner', 'main', 'navigation', 'link']));
      expect(roles).toEqual(
        expect.arrayContaining(path === '/mailbox' ? ['search', 'combobox'] : ['region', 'Iframe']),
      );
      expect(tree.filter(({ role, name }) => named.test(role) && !name).map(({ role }) => role)).toEqual([]);
      const ids = await page.$$eval('[id]', (all) => all.map(({ id }) => id as string));
      expect(new Set(ids).size).toBe(ids.length);
      expect(await page.$eval('html', ({ lang }) => lang as string)).toBe('en');
      const french = await page.$$eval('.emails h2 a, .sample dd:last-child, pre', (all) =>
        all.map(({ lang }) => lang as string),
      );
      expect(new Set(french)).toEqual(new Set(['fr-CA']));
      await page.close();
    });

    for (const scheme of ['light', 'dark']) {
      it(`are legible in ${scheme}, and show where the keyboard is, on ${path}`, async () => {
        const page = await visit(path);
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);

        const contrasts = (await page.evaluate(CONTRASTS)) as { text: string; contrast: number }[];
        expect(contrasts.length).toBeGreaterThan(10);
        expect(contrasts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
        const focusable = await page.$$('a[href], input, select, button');
        for (const one of focusable.slice(0, 5)) {
          await page.keyboard.press('Tab');
          expect(await one.evaluate((element) => element.matches(':focus-visible') as boolean)).toBe(true);
          const outline = await page.evaluate('getComputedStyle(document.activeElement).outline');
          expect(outline).toContain('solid 3px');
        }
        await page.close();
      });
    }
  }

  it('let nothing in that is not their own', async () => {
    const page = await visit('/mailbox');

    await page.$eval('main', (main) => main.setAttribute('style', 'color: red'));
    await page.$eval('main', (main) => main.insertAdjacentHTML('beforeend', '<img src="/emails" onerror="alert(3)">'));
    await page.waitForNetworkIdle();

    expect(complaints.join('\n')).toMatch(/style-src[^]*img-src/);
    expect(complaints.filter((complaint) => complaint.startsWith('dialog'))).toEqual([]);
    await page.close();
  });
});
