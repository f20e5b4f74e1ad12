import type { Body } from './email-declaration';
import { toHtml, toText } from './layout';

const HARM = `<script>alert("1")</script> & 'x'`;
const EMPTY: Body = { heading: '', paragraphs: [], facts: [] };
const HARMLESS = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;';

describe('The layout', () => {
  it.each<[string, Partial<Body>, number]>([
    ['the heading', { heading: HARM }, 2],
    ['a paragraph', { paragraphs: ['first', HARM] }, 1],
    ['what a line is about', { lines: [[HARM, '1', '2']] }, 1],
    ['the amount of a line', { lines: [['x', HARM, '2']] }, 1],
    ['how a line comes about', { lines: [['x', '1', HARM]] }, 1],
    ['a sum', { lines: [[HARM, HARM]] }, 2],
    ['the words of the link', { link: { words: HARM, address: 'http://x' } }, 1],
    ['the address of the link', { link: { words: 'x', address: `http://x/${HARM}` } }, 1],
    ['a label', { facts: [[HARM, 'value']] }, 1],
    ['a value', { facts: [['label', HARM]] }, 1],
  ])('lets no markup in through %s', (_place, body, times) => {
    const html = toHtml({ ...EMPTY, ...body });

    expect(html.split(HARMLESS)).toHaveLength(times + 1);
    expect(html).not.toContain('<script');
  });

  it('makes one HTML document', () => {
    const html = toHtml({ heading: 'Hello', paragraphs: ['One.', 'Two.'], facts: [['Name', 'Ada']] });

    expect(html.startsWith('<!doctype html>\n<html lang="fr-CA">')).toBe(true);
    expect(html.endsWith('</html>\n')).toBe(true);
    expect(html).toContain('<p>One.</p>\n      <p>Two.</p>');
    expect(html).toContain('<tr><th>Name</th><td>Ada</td></tr>');
    expect(html).not.toMatch(/class="lines"|<a/);
  });

  it('makes plain text of the same words, with the signature that mail programs cut off', () => {
    const text = toText({
      heading: 'Hello',
      paragraphs: [HARM, 'Two.'],
      facts: [
        ['Name', 'Ada'],
        ['Id', '6'],
      ],
    });

    expect(text).toBe(`Hello\n\n${HARM}\n\nTwo.\n\nName : Ada\nId : 6\n\n-- \nMagasin du Coin\n`);
  });

  const account: Body = {
    heading: 'Hello',
    paragraphs: ['One.'],
    lines: [
      ['Laptop', '4 $', '2 × 2 $'],
      ['Total', '4 $'],
    ],
    link: { words: 'Pay', address: 'http://shop.example/pay/1?a=1&b=2' },
    facts: [['Id', '6']],
  };

  it('lists the lines and links to the address in HTML, between the text and the facts', () => {
    expect(toHtml(account)).toContain(`      <p>One.</p>
      <table class="lines">
        <tr><td><bdi>Laptop</bdi><br><small>2 × 2 $</small></td><td>4 $</td></tr>
        <tr class="sum"><td><bdi>Total</bdi></td><td>4 $</td></tr>
      </table>
      <p><a href="http://shop.example/pay/1?a=1&amp;b=2">Pay</a></p>
      <table class="facts">
        <tr><th>Id</th><td>6</td></tr>
      </table>
`);
  });

  it('lists the lines in plain text, and shows the bare address on a line of its own', () => {
    expect(toText(account)).toBe(`Hello

One.

Laptop
  2 × 2 $ = 4 $
Total : 4 $

Pay :
http://shop.example/pay/1?a=1&b=2

Id : 6

-- \nMagasin du Coin
`);
  });

  it.each(['👩‍🚀'.repeat(30), '\u202eABC', 'محمول', 'W'.repeat(150)])(
    'keeps the amounts apart from the name %s, whatever direction it runs in',
    (name) => {
      const body: Body = { ...EMPTY, lines: [[name, '4 $', '2 × 2 $']] };

      expect(toHtml(body)).toContain(`<td><bdi>${name}</bdi><br>`);
      expect(toText(body).split('\n')).toEqual(expect.arrayContaining([name, '  2 × 2 $ = 4 $']));
    },
  );
});
