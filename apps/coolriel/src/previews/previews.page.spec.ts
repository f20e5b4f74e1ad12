import { UserCreated } from '@magasin/contracts';
import { catalogue, type EmailDeclaration } from '../emails';
import { previewsOf } from './preview';
import { previewsPage } from './previews.page';

const HARM = `"'><script>alert(1)</script>&`;
const HARMLESS = '&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;';

const nasty: EmailDeclaration = {
  name: 'nasty',
  on: UserCreated,
  to: () => HARM,
  subject: () => HARM,
  body: () => ({ heading: HARM, paragraphs: [], facts: [] }),
  file: () => 'nasty',
  samples: { only: UserCreated.of({ id: 6, name: HARM, email: HARM, user_type_id: 1 }) },
};

describe('The previews', () => {
  it('are one for each sample, in the order of the catalogue', () => {
    expect(previewsOf([...catalogue, nasty]).map(({ name, sample, on }) => `${name} ${sample} ${on}`)).toEqual([
      ...catalogue.flatMap(({ name, on, samples }) =>
        Object.keys(samples).map((sample) => `${name} ${sample} ${on.name}`),
      ),
      'nasty only UserCreated',
    ]);
    expect(previewsOf(catalogue).slice(0, 4)).toMatchObject([
      { name: 'welcome', sample: 'client' },
      { name: 'welcome', sample: 'employee' },
      { name: 'welcome', sample: 'manager' },
      { name: 'goodbye', sample: 'client' },
    ]);
  });

  it('tell of an e-mail that would go to nobody', () => {
    const page = previewsPage(previewsOf([{ ...nasty, to: () => undefined }]));

    expect(page).toContain('<dd>nobody: it is not sent</dd>');
  });

  it('show a moment, and leave the samples as they are', () => {
    const [{ html, text }] = previewsOf(catalogue);

    for (const part of [html, text]) expect(part).toContain('2026-11-23 16:00:41.491000');
    expect(catalogue[0].samples.client).not.toHaveProperty('datetime');
  });

  it('let no markup in: not by the recipient, the subject or the plain text', () => {
    const page = previewsPage(previewsOf([nasty]));

    expect(page.split(HARMLESS)).toHaveLength(4);
    expect(page).not.toContain('<script');
  });

  it('show the HTML in a frame that may do nothing', () => {
    const page = previewsPage(previewsOf(catalogue));

    expect(page.match(/<iframe [^>]+>/g)).toHaveLength(previewsOf(catalogue).length);
    expect(page).toContain(
      '<iframe sandbox loading="lazy" src="/previews/welcome?sample=employee" title="welcome, employee: the HTML">',
    );
  });
});
