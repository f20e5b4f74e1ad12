/** The look of all pages. It stands in each of them: a page is one file that needs no other. */
export const style = `
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
  h2, h3 { margin: 0; line-height: 1.3; }
  pre, code { font: 0.875rem/1.5 ui-monospace, monospace; }
  pre { margin: 0; white-space: pre-wrap; }
  .card > :first-child { margin-top: 0; }
  .quiet { color: var(--quiet); }
  .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; }

  body > header { display: flex; flex-wrap: wrap; gap: 0 1.5rem; align-items: center; padding-top: 0.75rem; }
  body > header strong { font-size: 1.125rem; }
  nav { display: flex; flex-wrap: wrap; gap: 0 1.5rem; }
  nav a { padding: 0.5rem 0; }
  nav [aria-current] { color: inherit; font-weight: 600; text-decoration: none; box-shadow: inset 0 -2px var(--accent); }
  main { padding-bottom: 4rem; }

  form { display: grid; grid-template-columns: 1fr 1fr; align-items: end; gap: 0.75rem 1rem; margin: 1rem 0; }
  label:not(:has(select)) { grid-column: 1 / -1; }
  label { display: grid; gap: 0.25rem; font-size: 0.875rem; color: var(--quiet); }
  input, select, button { font: inherit; font-size: 1rem; min-height: 2.75rem; min-width: 0; width: 100%; }
  input, select { padding: 0 0.75rem; color: var(--ink); background: var(--paper); }
  input, select, button { border: 1px solid var(--quiet); border-radius: 6px; }
  button { padding: 0 1.25rem; background: var(--accent); border-color: var(--accent); color: var(--paper); cursor: pointer; }
  summary { padding: 0.75rem 0; cursor: pointer; }

  dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.125rem 1rem; margin: 0; }
  dt { color: var(--quiet); }
  dd { margin: 0; }

  .emails { list-style: none; margin: 1rem 0; padding: 0; display: grid; gap: 0.75rem; }
  .emails li { display: grid; gap: 0.25rem 1.5rem; }
  .emails h2 { font-size: 1.0625rem; }
  .emails p { margin: 0; }
  .state { font-weight: 600; color: var(--open); }
  .state::before { content: '● '; }
  .state.sent { color: var(--good); }
  .state.failed, .error { color: var(--bad); }

  section { margin-top: 2.5rem; }
  section h2 { font-size: 1.375rem; }
  section > p { margin: 0.25rem 0 0; }
  .sample { margin-top: 1rem; display: grid; gap: 1rem; }
  .parts { display: grid; gap: 1rem; }
  .parts > * { min-width: 0; }
  figure { margin: 0; display: grid; grid-template-rows: auto 1fr; gap: 0.25rem; }
  figcaption { font-size: 0.875rem; }
  iframe { width: 100%; height: 46rem; }
  iframe, figure pre { border: 1px solid var(--line); border-radius: 6px; }
  iframe { background: #fff; }
  figure pre { padding: 1rem; background: var(--paper); }

  @media (min-width: 48rem) {
    form { grid-template-columns: 1fr 1fr 10rem auto; }
    label:not(:has(select)) { grid-column: auto; }
    .emails li { grid-template-columns: minmax(0, 1fr) max-content; }
    .emails li > :nth-child(even) { text-align: right; }
    .emails li > :is(p:nth-child(5), .error) { grid-column: 1 / -1; text-align: left; }
    .parts { grid-template-columns: 3fr 2fr; }
    iframe { height: 30rem; }
  }
`;
