import { eventType } from '@magasin/contracts';
import { catalogue } from './catalogue';
import { CLIENT, EMPLOYEE } from './user-facts';
import { toHtml, toText } from './layout';

const MANAGER = 3;
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

    expect(new Set(names).size).toBe(names.length);
    expect(names.toSorted()).toEqual(['goodbye', 'welcome']);
  });

  describe.each(catalogue)('$name', (declaration) => {
    const sample = Object.assign(declaration.sample, { datetime: DATETIME });

    it('has a sample of the event that it is made of', () => {
      expect(sample).toBeInstanceOf(declaration.on);
      expect(eventType(declaration.on).topic).toBe('user-events');
    });

    it('goes to the user, with a subject of one line that names him', () => {
      expect(declaration.to(sample)).toBe('grace@example.com');
      expect(declaration.subject(sample)).toMatch(/^\S.*Grace Hopper$/);
    });

    it('shows its words and every fact in both parts', () => {
      const body = declaration.body(sample);

      const html = unescaped(toHtml(body));
      const text = toText(body);
      const words = [body.heading, ...body.paragraphs, ...body.facts.flat()];
      expect(words.filter((word) => !html.includes(word))).toEqual([]);
      expect(words.filter((word) => !text.includes(word))).toEqual([]);
    });

    it('shows the id, the name, the address and the moment of the event', () => {
      const values = declaration.body(sample).facts.map(([, value]) => value);

      expect(values).toEqual(['6', 'Grace Hopper', 'grace@example.com', DATETIME]);
    });

    it('says another thing to a client, an employee and a manager, where it has one to say', () => {
      const said = [CLIENT, EMPLOYEE, MANAGER].map((user_type_id) =>
        declaration.body(Object.assign(new declaration.on(), sample, { user_type_id })).paragraphs.join(' '),
      );

      expect(said).toEqual(
        declaration.name === 'welcome'
          ? [
              expect.stringContaining('Merci de votre visite'),
              expect.stringContaining("Bienvenue dans l'équipe"),
              expect.stringContaining("Bienvenue dans l'équipe"),
            ]
          : [
              expect.stringContaining("Merci d'avoir été notre client."),
              expect.stringContaining("Merci d'avoir été notre employé"),
              expect.stringContaining("Merci d'avoir été notre gestionnaire"),
            ],
      );
    });

    it('has files of its own for each user', () => {
      const other = Object.assign(new declaration.on(), sample, { id: 7 });

      expect([declaration.file(sample), declaration.file(other)]).toEqual([
        `${declaration.name}_6`,
        `${declaration.name}_7`,
      ]);
    });
  });
});
