import { htmlEscape } from 'escape-goat';
import type { Look } from './look';

export interface HtmlContent {
  /** Text. */
  title: string;
  /** SVG. A browser asks for /favicon.ico otherwise, and notes in its console that there is none. */
  icon: string;
  /** HTML: whoever makes it passes every value through an escaping tag. */
  body: string;
}

/** A whole page. The route that answers it is an `@HtmlPage` of the same look. */
export const htmlDocument = ({ language, style, script }: Look, { title, icon, body }: HtmlContent): string =>
  `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${htmlEscape(title)}</title>
    <link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">
    <style>${style}</style>
  </head>
  <body>
${body}${script === undefined ? '' : `\n    <script>${script}</script>`}
  </body>
</html>
`;
