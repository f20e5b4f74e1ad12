import { htmlEscape } from 'escape-goat';
import { style } from './style';

const PAGES = [
  ['/mailbox', 'Mailbox'],
  ['/previews', 'Previews'],
];

// An envelope. A browser asks for /favicon.ico otherwise, and notes in its console that there is none.
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#a8452f" d="M1 3h14v10H1z"/><path fill="none" stroke="#fff" d="m1 4 7 5 7-5"/></svg>`;

/** A page around its content, which is HTML: whoever makes it passes every value through the escaping tag. */
export function page({ title, path, content }: { title: string; path: string; content: string }): string {
  const links = PAGES.map(
    ([href, name]) => `<a href="${href}"${href === path ? ' aria-current="page"' : ''}>${name}</a>`,
  );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${htmlEscape(title)} · coolriel</title>
    <link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
    <style>${style}</style>
  </head>
  <body>
    <header>
      <strong>coolriel</strong>
      <nav aria-label="Pages">${links.join('\n')}</nav>
    </header>
    <main>
      <h1>${htmlEscape(title)}</h1>
${content}
    </main>
  </body>
</html>
`;
}
