import { htmlDocument, HtmlPage, type Look } from '@magasin/hosting';
import { htmlEscape } from 'escape-goat';
import { style } from './style';

const PAGES = [
  ['/mailbox', 'Mailbox'],
  ['/previews', 'Previews'],
];

const LOOK: Look = { language: 'en', style, policy: ["frame-src 'self'", "form-action 'self'"] };

// An envelope.
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#a8452f" d="M1 3h14v10H1z"/><path fill="none" stroke="#fff" d="m1 4 7 5 7-5"/></svg>`;

/** The answer of a route is a page of coolriel's. */
export const CoolrielPage = (): MethodDecorator => HtmlPage(LOOK);

/** A page around its content, which is HTML: whoever makes it passes every value through the escaping tag. */
export function page({ title, path, content }: { title: string; path: string; content: string }): string {
  const links = PAGES.map(
    ([href, name]) => `<a href="${href}"${href === path ? ' aria-current="page"' : ''}>${name}</a>`,
  );
  const body = `    <header>
      <strong>coolriel</strong>
      <nav aria-label="Pages">${links.join('\n')}</nav>
    </header>
    <main>
      <h1>${htmlEscape(title)}</h1>
${content}
    </main>`;
  return htmlDocument(LOOK, { title: `${title} · coolriel`, icon: ICON, body });
}
