import { htmlEscape } from 'escape-goat';
import type { Body, Line } from './email-declaration';

const SIGNATURE = 'Magasin du Coin';

/** The HTML part. Every value passes through the escaping tag, so that a name can not become markup. */
export function toHtml({ heading, paragraphs, lines, link, facts }: Body): string {
  const parts = [
    ...paragraphs.map((paragraph) => htmlEscape`      <p>${paragraph}</p>`),
    ...(lines ? ['      <table class="lines">', ...lines.map(htmlOfLine), '      </table>'] : []),
    ...(link ? [htmlEscape`      <p><a href="${link.address}">${link.words}</a></p>`] : []),
    '      <table class="facts">',
    ...facts.map(([label, value]) => htmlEscape`        <tr><th>${label}</th><td>${value}</td></tr>`),
    '      </table>',
  ];
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
      table { border-collapse: collapse; }
      th, td { padding: 0.2em 1em 0.2em 0; text-align: left; vertical-align: top; font-weight: normal; }
      th, small { color: #666; }
      .lines { width: 100%; margin-bottom: 1em; }
      .lines td { border-top: 1px solid #ddd; }
      .lines td + td { padding-right: 0; text-align: right; white-space: nowrap; }
      .lines .sum td { font-weight: bold; }
      a { display: inline-block; padding: 0.5em 1em; background: #7a2e1d; color: #fff; text-decoration: none; }
      @media (max-width: 30em) { .facts :is(th, td) { display: block; padding: 0; } .facts td { padding-bottom: 0.5em; } }
      footer { margin-top: 2em; border-top: 1px solid #ddd; padding-top: 1em; color: #666; }
    </style>
  </head>
  <body>
    <main>
      <h1>${htmlEscape(heading)}</h1>
${parts.join('\n')}
      <footer>${SIGNATURE}</footer>
    </main>
  </body>
</html>
`;
}

/** The name stands in isolation: one that runs from right to left must not turn the amounts around. */
const htmlOfLine = ([what, amount, how]: Line): string =>
  how === undefined
    ? htmlEscape`        <tr class="sum"><td><bdi>${what}</bdi></td><td>${amount}</td></tr>`
    : htmlEscape`        <tr><td><bdi>${what}</bdi><br><small>${how}</small></td><td>${amount}</td></tr>`;

/** The plain-text part, for those who read without HTML. */
export const toText = ({ heading, paragraphs, lines, link, facts }: Body): string =>
  [
    heading,
    ...paragraphs,
    ...(lines ? [lines.map(textOfLine).join('\n')] : []),
    ...(link ? [`${link.words} :\n${link.address}`] : []),
    facts.map(([label, value]) => `${label} : ${value}`).join('\n'),
    `-- \n${SIGNATURE}`,
  ].join('\n\n') + '\n';

/** The name has a line of its own: as long as it may be, and in whatever direction it runs, the amounts stay in place. */
const textOfLine = ([what, amount, how]: Line): string =>
  how === undefined ? `${what} : ${amount}` : `${what}\n  ${how} = ${amount}`;
