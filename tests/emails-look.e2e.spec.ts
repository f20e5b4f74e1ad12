import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { catalogue, toHtml } from '../apps/coolriel/src/emails';
import { previewsOf } from '../apps/coolriel/src/previews/preview';
import { launchChromium } from './chromium';
import { CONTRASTS } from './contrasts';
import { needs } from './needs';

const NASTY = [
  'W'.repeat(150),
  `<script>alert(1)</script><img src=x onerror=alert(2)> & "l'autre"`,
  '👩‍🚀'.repeat(30),
  '\u202eلابتوب محمول ٣ × ٤ $',
];
const EMAILS = [
  ...previewsOf(catalogue).map(({ name, sample, html }) => ({ name: `${name}, ${sample}`, html })),
  {
    name: 'one with the worst of names',
    html: toHtml({
      heading: `Merci, ${NASTY[0]} !`,
      paragraphs: NASTY,
      lines: [
        ...NASTY.map((what): [string, string, string] => [
          what,
          '9\u00a0999\u00a0999\u00a0999,99\u00a0$',
          '3 × 4\u00a0$',
        ]),
        ['Total', '9\u00a0999\u00a0999\u00a0999,99\u00a0$'],
      ],
      link: { words: 'Payer ma commande', address: `http://localhost/${'x'.repeat(200)}?a=1&b="<script>` },
      facts: NASTY.map((value) => ['Nom', value]),
    }),
  },
];

needs('chromium')('The e-mails in a browser', () => {
  let folder: string;
  let browser: Browser;
  let dialogs: string[];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'look-'));
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** As a file, as the folder mailer leaves it: nothing but the HTML itself keeps a name from becoming a script. */
  const open = async (html: string, width: number): Promise<Page> => {
    const file = join(folder, 'email.html');
    writeFileSync(file, html);
    dialogs = [];
    const page = await browser.newPage();
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await page.setViewport({ width, height: 800 });
    await page.goto(pathToFileURL(file).href);
    return page;
  };

  for (const { name, html } of EMAILS) {
    it(`fit, are legible and run nothing: ${name}`, async () => {
      const page = await open(html, 360);

      for (const width of [360, 1280]) {
        await page.setViewport({ width, height: 800 });
        expect(await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')).toEqual([width, width]);
      }
      for (const scheme of ['light', 'dark']) {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        const contrasts = (await page.evaluate(CONTRASTS)) as { text: string; contrast: number }[];
        expect(contrasts.length).toBeGreaterThan(5);
        expect(contrasts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
      }
      expect(await page.$$('script, img')).toEqual([]);
      expect(dialogs).toEqual([]);
      await page.close();
    });
  }

  it('have amounts that stand below each other, to the right of what they are for, whatever that is called', async () => {
    const page = await open(EMAILS.at(-1)!.html, 360);

    const boxes = (await page.evaluate(`[...document.querySelectorAll('.lines tr')].map((row) => {
      const [what, amount] = [...row.cells].map((cell) => cell.getBoundingClientRect());
      return { end: amount.right, apart: amount.left >= what.right };
    })`)) as { end: number; apart: boolean }[];
    expect(boxes).toHaveLength(NASTY.length + 1);
    expect(new Set(boxes.map(({ end }) => end)).size).toBe(1);
    expect(boxes.filter(({ apart }) => !apart)).toEqual([]);
    await page.close();
  });

  it('lead to the payment with one click', async () => {
    const [{ html }] = previewsOf(catalogue).filter(({ name }) => name === 'order-confirmation');
    const page = await open(html, 360);
    const asked = page.waitForRequest((request) => request.isNavigationRequest());

    await page.click('a');

    expect((await asked).url()).toBe('http://localhost:5009/payments/process/12');
    await page.close();
  });
});
