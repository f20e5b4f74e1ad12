import { eventType } from '@magasin/contracts';
import { isEmail } from 'class-validator';
import { catalogue } from './catalogue';
import { toHtml, toText } from './layout';

const DATETIME = '2026-11-23 16:00:41.491000';

const unescaped = (html: string): string =>
  html
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

describe('The catalogue of e-mails', () => {
  it('names each e-mail once', () => {
    const names = catalogue.map(({ name }) => name);

    expect(names).toEqual(expect.arrayContaining(['welcome', 'goodbye']));
    expect(new Set(names).size).toBe(names.length);
  });

  it('gives the e-mails of two things, and two e-mails of one thing, files of their own', () => {
    const files = catalogue.flatMap(({ file, sample }) => [
      file(sample),
      file(Object.assign({ ...sample }, { id: 7 })),
    ]);

    expect(new Set(files).size).toBe(files.length);
    expect(files.filter((file) => !/^[a-z]+(_[a-z]+)*_\d+$/.test(file))).toEqual([]);
  });

  describe.each(catalogue)('$name', (declaration) => {
    const sample = Object.assign(declaration.sample, { datetime: DATETIME });

    it('has a sample of the event that it is made of', () => {
      expect(sample).toBeInstanceOf(declaration.on);
      expect(eventType(declaration.on).stream(sample)).toMatch(/^[a-z]+-\d+$/);
    });

    it('has a recipient, and a subject of one line', () => {
      expect(isEmail(declaration.to(sample))).toBe(true);
      expect(declaration.subject(sample)).toMatch(/^\S.*\S$/);
    });

    it('shows its words and every fact in both parts', () => {
      const body = declaration.body(sample);

      const [html, text] = [unescaped(toHtml(body)), toText(body)];
      const words = [body.heading, ...body.paragraphs, ...body.facts.flat()];
      expect(words.length).toBeGreaterThan(3);
      expect(words.filter((word) => !html.includes(word))).toEqual([]);
      expect(words.filter((word) => !text.includes(word))).toEqual([]);
    });

    it('shows when it happened', () => {
      expect(declaration.body(sample).facts.map(([, value]) => value)).toContain(DATETIME);
    });
  });
});
