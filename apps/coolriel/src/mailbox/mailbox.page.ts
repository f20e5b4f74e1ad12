import type { Page } from '@magasin/hosting';
import { htmlEscape } from 'escape-goat';
import type { ListedEmail } from '../emails';
import { page } from '../pages';
import type { MailboxQuery } from './mailbox-query';
import { STATES } from './states';

export interface Mailbox extends Page<ListedEmail> {
  query: MailboxQuery;
  /** Where the store answers for the events. */
  storeUrl: string;
}

export function mailboxPage({ query, items, nextCursor, storeUrl }: Mailbox): string {
  const content = `
      <p class="quiet">The e-mails that events made, the newest first. Times are UTC.</p>
${filterForm(query)}
${items.length > 0 ? emailList(items, storeUrl) : emptyNotice(query, storeUrl)}
${pager(query, nextCursor)}
${legend()}`;
  return page({ title: 'Mailbox', path: '/mailbox', content });
}

function filterForm({ state, event = '', recipient = '' }: MailboxQuery): string {
  const options = Object.keys(STATES).map(
    (name) => `<option${name === state ? ' selected' : ''}>${htmlEscape(name)}</option>`,
  );
  return `
      <form class="card" role="search" aria-label="E-mails" action="/mailbox">
        ${htmlEscape`<label>Recipient <input name="recipient" value="${recipient}" autocomplete="off" inputmode="email"></label>
        <label>Event <input name="event" value="${event}" autocomplete="off" spellcheck="false"></label>`}
        <label>State <select name="state"><option value="">any</option>${options.join('')}</select></label>
        <button>Show</button>
      </form>`;
}

const emailList = (emails: ListedEmail[], storeUrl: string): string => `
      <ol class="emails">${emails.map((email) => emailCard(email, storeUrl)).join('')}
      </ol>`;

function emailCard(email: ListedEmail, storeUrl: string): string {
  const { id, state, subject, recipient, template, event_id, error, resend_of, created_at, sent_at } = email;
  const moment = new Date(sent_at ?? created_at).toISOString();
  return (
    htmlEscape`
        <li class="card">
          <h2><a href="/emails/${id}" lang="fr-CA">${subject}</a></h2>
          <p>
            <span class="state ${state}">${state}</span>
            <span class="quiet">${sent_at === null ? 'made ' : ''}<time datetime="${moment}">${moment.slice(0, 19).replace('T', ' ')}</time></span>
          </p>
          <p>${recipient}</p>
          <p class="quiet">template <a href="/previews#${template}">${template}</a>` +
    (resend_of === null ? '' : htmlEscape`, a copy of <a href="/emails/${resend_of}">e-mail ${resend_of}</a>`) +
    htmlEscape`</p>
          <p class="quiet">event <a href="${storeUrl}/events/${event_id}"><code>${event_id}</code></a></p>` +
    (error === null
      ? ''
      : htmlEscape`
          <p class="error">${error} <a href="/emails/${id}/attempts">All attempts</a></p>`) +
    `
        </li>`
  );
}

function emptyNotice({ state, event, recipient, cursor }: MailboxQuery, storeUrl: string): string {
  if (state ?? event ?? recipient ?? cursor) {
    return `
      <p class="card">No e-mail is like that. <a href="/mailbox">Show all</a></p>`;
  }
  const command = `curl ${storeUrl}/users \\
  -H 'content-type: application/json' \\
  -d '{"name":"Grace Hopper","email":"grace@example.com"}'`;
  return htmlEscape`
      <div class="card">
        <p>No e-mail went out yet. Write a user to the store, and the welcome stands here:</p>
        <pre>${command}</pre>
      </div>`;
}

function pager({ state, event, recipient, cursor, limit }: MailboxQuery, nextCursor: string | null): string {
  const filter = Object.entries({ state, event, recipient }).filter(([, value]) => value !== undefined);
  const address = (more: object): string => {
    const parameters = new URLSearchParams({ ...Object.fromEntries(filter), limit: String(limit), ...more });
    return htmlEscape(`/mailbox?${parameters.toString()}`);
  };
  const links = [
    ...(cursor === undefined ? [] : [`<a href="${address({})}">Newest</a>`]),
    ...(nextCursor === null ? [] : [`<a href="${address({ cursor: nextCursor })}" rel="next">Older</a>`]),
  ];
  return links.length === 0 ? '' : `<nav aria-label="More e-mails">${links.join('\n')}</nav>`;
}

const legend = (): string => `
      <details>
        <summary>What the states mean</summary>
        <dl>${Object.entries(STATES)
          .map(([state, meaning]) => htmlEscape`<dt>${state}</dt><dd>${meaning}</dd>`)
          .join('')}</dl>
      </details>`;
