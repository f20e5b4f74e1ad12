import { toPage } from '@magasin/hosting';
import { EMAIL_STATES, type ListedEmail } from '../emails';
import { MailboxQuery } from './mailbox-query';
import { mailboxPage } from './mailbox.page';
import { STATES } from './states';

const HARM = `"'><script>alert(1)</script>&`;
const HARMLESS = '&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;';

const email = (changes: object = {}): ListedEmail => ({
  id: 3,
  template: 'welcome',
  recipient: 'grace@example.com',
  subject: 'Bienvenue',
  state: 'sent',
  failures: 0,
  error: null,
  correlation_id: null,
  resend_of: null,
  message_id: '<evt-1.welcome.2@magasinducoin.ca>',
  event_id: '01a20b55-3f91-7d02-adc7-68a0031b78a3',
  created_at: Date.UTC(2026, 10, 23, 16, 0, 41, 491),
  sent_at: Date.UTC(2026, 10, 23, 16, 0, 42, 7),
  ...changes,
});
const show = (emails: ListedEmail[], query: object = {}, next?: number): string =>
  mailboxPage({
    ...toPage(emails, next),
    query: Object.assign(new MailboxQuery(), query),
    storeUrl: 'http://localhost:5000',
  });

describe('The mailbox', () => {
  it('leads to the e-mail, to its event and to its template', () => {
    const page = show([email()]);

    expect(page).toContain('<a href="/emails/3" lang="fr-CA">Bienvenue</a>');
    expect(page).toContain('<a href="http://localhost:5000/events/01a20b55-3f91-7d02-adc7-68a0031b78a3">');
    expect(page).toContain('<a href="/previews#welcome">');
  });

  it('says when an e-mail was sent, or else when it was made', () => {
    expect(show([email()])).toContain('<time datetime="2026-11-23T16:00:42.007Z">2026-11-23 16:00:42</time>');
    expect(show([email({ sent_at: null })])).toContain(
      'made <time datetime="2026-11-23T16:00:41.491Z">2026-11-23 16:00:41</time>',
    );
  });

  it.each(EMAIL_STATES)('shows that an e-mail is %s, and what that means', (state) => {
    const page = show([email({ state })]);

    expect(page).toContain(`<span class="state ${state}">${state}</span>`);
    expect(page).toContain(`<dt>${state}</dt><dd>${STATES[state]}</dd>`);
  });

  it('leads from a copy to what it is a copy of', () => {
    expect(show([email({ resend_of: 2 })])).toContain('a copy of <a href="/emails/2">e-mail 2</a>');
    expect(show([email()])).not.toContain('a copy of');
  });

  it('shows why an e-mail did not go out, and leads to its attempts', () => {
    expect(show([email({ error: 'the folder is full' })])).toContain(
      '<p class="error">the folder is full <a href="/emails/3/attempts">All attempts</a></p>',
    );
    expect(show([email()])).not.toContain('class="error"');
  });

  it.each(['recipient', 'subject', 'error', 'template', 'event_id', 'state'])(
    'lets no markup in by the %s',
    (field) => {
      const page = show([email({ [field]: HARM })]);

      expect(page).toContain(HARMLESS);
      expect(page).not.toContain('<script');
    },
  );

  it.each(['recipient', 'event'])('gives the %s that was asked for back, and lets no markup in by it', (field) => {
    const page = show([], { [field]: HARM, cursor: 'MQ' }, 7);

    expect(page).toContain(`name="${field}" value="${HARMLESS}"`);
    expect(page).toContain(`href="/mailbox?${new URLSearchParams({ [field]: HARM }).toString()}&amp;limit=50"`);
    expect(page).not.toContain('<script');
  });

  it('leads to older and back to the newest, with the same filter', () => {
    const query = { state: 'sent', recipient: 'o+neil@example.com', limit: 2 };
    const filter = 'state=sent&amp;recipient=o%2Bneil%40example.com&amp;limit=2';

    const first = show([email()], query, 3);
    const last = show([email()], { ...query, cursor: 'Mw' });

    expect(first).toContain(`<a href="/mailbox?${filter}&amp;cursor=Mw" rel="next">Older</a>`);
    expect(first).not.toContain('>Newest<');
    expect(last).toContain(`<a href="/mailbox?${filter}">Newest</a>`);
    expect(last).not.toContain('>Older<');
    expect(last).toContain('<option selected>sent</option>');
  });
});
