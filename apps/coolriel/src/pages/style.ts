import { pageStyle } from '@magasin/hosting';

/** The look of coolriel's pages. */
export const style = `${pageStyle}
  h2, h3 { margin: 0; line-height: 1.3; }
  pre, code { font: 0.875rem/1.5 ui-monospace, monospace; }
  pre { margin: 0; white-space: pre-wrap; }

  nav { display: flex; flex-wrap: wrap; gap: 0 1.5rem; }
  nav a { padding: 0.5rem 0; }
  nav [aria-current] { color: inherit; font-weight: 600; text-decoration: none; box-shadow: inset 0 -2px var(--accent); }

  form { display: grid; grid-template-columns: 1fr 1fr; align-items: end; gap: 0.75rem 1rem; margin: 1rem 0; }
  label:not(:has(select)) { grid-column: 1 / -1; }
  summary { padding: 0.75rem 0; cursor: pointer; }

  .emails { list-style: none; margin: 1rem 0; padding: 0; display: grid; gap: 0.75rem; }
  .emails li { display: grid; gap: 0.25rem 1.5rem; }
  .emails h2 { font-size: 1.0625rem; }
  .emails p { margin: 0; }
  .state { font-weight: 600; color: var(--open); }
  .state::before { content: '● '; }
  .state.sent { color: var(--good); }
  .state.failed { color: var(--bad); }

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
