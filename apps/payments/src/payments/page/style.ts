import { pageStyle } from '@magasin/hosting';

export const style = `${pageStyle}
  body > * { max-width: 30rem; }
  dl { margin: 1rem 0; }
  dd { font-weight: 600; }
  form { display: grid; gap: 1rem; margin-top: 1rem; }
  form p { margin: 0; }
  .field { display: grid; gap: 0.25rem; }
  .field p { font-size: 0.875rem; }
  .field p:empty { display: none; }
  [aria-invalid] { border-color: var(--bad); box-shadow: 0 0 0 1px var(--bad); }
  #outcome { font-weight: 600; }
  .paid { color: var(--good); }
`;
