import { htmlEscape } from 'escape-goat';
import type { Body } from './email-declaration';

const SIGNATURE = 'Magasin du Coin';

/** The HTML part. Every value passes through the escaping tag, so that a name can not become markup. */
export function toHtml({ heading, paragraphs, facts }: Body): string {
  const text = paragraphs.map((paragraph) => htmlEscape`      <p>${paragraph}</p>`).join('\n');
  const rows = facts
    .map(([label, value]) => htmlEscape`        <tr><th>${label}</th><td>${value}</td></tr>`)
    .join('\n');
  return `<!doctype html>
<html lang="fr-CA">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${htmlEscape(heading)}</title>
    <style>
      body { margin: 0; background: #f4f1ea; color: #222; font: 16px/1.5 Georgia, serif; }
      main { max-width: 34em; margin: 0 auto; padding: 2em 1.5em; background: #fff; overflow-wrap: anywhere; }
      h1 { font-size: 1.4em; color: #7a2e1d; }
      th, td { padding: 0.2em 1em 0.2em 0; text-align: left; vertical-align: top; }
      th { font-weight: normal; color: #666; }
      @media (max-width: 30em) { th, td { display: block; padding: 0; } td { padding-bottom: 0.5em; } }
      footer { margin-top: 2em; border-top: 1px solid #ddd; padding-top: 1em; color: #666; }
    </style>
  </head>
  <body>
    <main>
      <h1>${htmlEscape(heading)}</h1>
${text}
      <table>
${rows}
      </table>
      <footer>${SIGNATURE}</footer>
    </main>
  </body>
</html>
`;
}

/** The plain-text part, for those who read without HTML. */
export const toText = ({ heading, paragraphs, facts }: Body): string =>
  [heading, ...paragraphs, facts.map(([label, value]) => `${label} : ${value}`).join('\n'), `-- \n${SIGNATURE}`].join(
    '\n\n',
  ) + '\n';
