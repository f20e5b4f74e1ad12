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
    const files = catalogue.flatMap(({ file, samples }) => {
      const [sample] = Object.values(samples);
      return [file(sample), file(Object.assign({ ...sample }, { id: 8, order_id: 8 }))];
    });

    expect(new Set(files).size).toBe(files.length);
    expect(files.filter((file) => !/^[a-z]+(_[a-z]+)*_\d+$/.test(file))).toEqual([]);
  });

  it('has a sample of every e-mail', () => {
    expect(catalogue.filter(({ samples }) => Object.keys(samples).length === 0)).toEqual([]);
  });

  it('names the samples as they stand in an address', () => {
    const names = catalogue.flatMap(({ name, samples }) => [name, ...Object.keys(samples)]);

    expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
  });

  const samples = catalogue.flatMap((declaration) =>
    Object.entries(declaration.samples).map(([name, event]) => ({ declaration, of: declaration.name, name, event })),
  );
  describe.each(samples)('$of, $name', ({ declaration, event }) => {
    const sample = Object.assign(new declaration.on(), event, { datetime: DATETIME });

    it('is a sample of the event that the e-mail is made on', () => {
      expect(event).toBeInstanceOf(declaration.on);
      expect(eventType(declaration.on).stream(sample)).toMatch(/^[a-z][a-z\d]*(-[a-z][a-z\d]*)*-\d+$/);
    });

    it('has a recipient, and a subject of one line', () => {
      expect(isEmail(declaration.to(sample) ?? 'nobody')).toBe(true);
      expect(declaration.subject(sample)).toMatch(/^\S.*\S$/);
    });

    it('shows its words, its lines, its link and every fact in both parts', () => {
      const body = declaration.body(sample);

      const [html, text] = [unescaped(toHtml(body)), toText(body)];
      const { heading, paragraphs, lines = [], link, facts } = body;
      const words = [heading, ...paragraphs, ...(lines.flat() as string[]), ...facts.flat()];
      if (link) words.push(link.words, link.address);
      expect(words.length).toBeGreaterThan(3);
      expect(words.filter((word) => !html.includes(word))).toEqual([]);
      expect(words.filter((word) => !text.includes(word))).toEqual([]);
    });

    it('shows when it happened', () => {
      expect(declaration.body(sample).facts.map(([, value]) => value)).toContain(DATETIME);
    });
  });
});
