import type { EmailState } from '../emails';

/** What the state of an e-mail means to a person. */
export const STATES: Record<EmailState, string> = {
  queued: 'It waits to be sent.',
  connecting: 'It is being sent; nothing of it has left yet.',
  sending: 'It is being handed over.',
  sent: 'It was handed over for good.',
  failed: 'It was given up: nobody got it.',
  unknown: 'The connection broke while it was handed over: it may have arrived or not. A person decides.',
};
