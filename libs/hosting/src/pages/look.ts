/** What the pages of an app have in common, and what a browser may do with them. */
export interface Look {
  /** `en`, `fr-CA` */
  language: string;
  /** Stands in each page: a page is one file that needs no other. */
  style: string;
  /** Stands in each page; none by default. */
  script?: string;
  /** Further directives of its Content-Security-Policy, such as `form-action 'self'`. */
  policy: string[];
}

/** What all apps' pages look like. A style begins with it: `${pageStyle} …`. */
export const pageStyle = `
  :root {
    color-scheme: light dark;
    --paper: light-dark(#f7f5f0, #171614);
    --card: light-dark(#fff, #211f1c);
    --ink: light-dark(#222, #ece8e0);
    --quiet: light-dark(#5f5a50, #b0a99b);
    --line: light-dark(#d8d2c4, #3d3933);
    --accent: light-dark(#7a2e1d, #f0a58f);
    --good: light-dark(#1d6034, #86d3a0);
    --bad: light-dark(#a11515, #ff9d94);
    --open: light-dark(#7a4b00, #f0c26b);
  }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
  body > * { max-width: 72rem; margin: 0 auto; padding: 0 1rem; overflow-wrap: anywhere; }
  a { color: var(--accent); text-underline-offset: 0.15em; }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
  h1 { margin: 1.5rem 0 0.25rem; font-size: 1.75rem; line-height: 1.2; }
  .card > :first-child { margin-top: 0; }
  .quiet { color: var(--quiet); }
  .error { color: var(--bad); }
  .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; }

  body > header { display: flex; flex-wrap: wrap; gap: 0 1.5rem; align-items: center; padding-top: 0.75rem; }
  body > header strong { font-size: 1.125rem; }
  main { padding-bottom: 4rem; }

  label { display: grid; gap: 0.25rem; font-size: 0.875rem; color: var(--quiet); }
  input, select, button { font: inherit; font-size: 1rem; min-height: 2.75rem; min-width: 0; width: 100%; }
  input, select { padding: 0 0.75rem; color: var(--ink); background: var(--paper); }
  input, select, button { border: 1px solid var(--quiet); border-radius: 6px; }
  button { padding: 0 1.25rem; background: var(--accent); border-color: var(--accent); color: var(--paper); cursor: pointer; }

  dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.125rem 1rem; margin: 0; }
  dt { color: var(--quiet); }
  dd { margin: 0; }
`;
