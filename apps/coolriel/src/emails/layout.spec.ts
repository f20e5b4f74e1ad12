import { toHtml, toText } from './layout';

const HARM = `<script>alert("1")</script> & 'x'`;
const HARMLESS = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;';

describe('The layout', () => {
  it.each([
    ['the heading', { heading: HARM, paragraphs: [], facts: [] }, 2],
    ['a paragraph', { heading: '', paragraphs: ['first', HARM], facts: [] }, 1],
    ['a label', { heading: '', paragraphs: [], facts: [[HARM, 'value']] as [string, string][] }, 1],
    ['a value', { heading: '', paragraphs: [], facts: [['label', HARM]] as [string, string][] }, 1],
  ])('lets no markup in through %s', (_place, body, times) => {
    const html = toHtml(body);

    expect(html.split(HARMLESS)).toHaveLength(times + 1);
    expect(html).not.toContain('<script');
  });

  it('makes one HTML document', () => {
    const html = toHtml({ heading: 'Hello', paragraphs: ['One.', 'Two.'], facts: [['Name', 'Ada']] });

    expect(html.startsWith('<!doctype html>\n<html lang="fr-CA">')).toBe(true);
    expect(html.endsWith('</html>\n')).toBe(true);
    expect(html).toContain('<p>One.</p>\n      <p>Two.</p>');
    expect(html).toContain('<tr><th>Name</th><td>Ada</td></tr>');
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
});
