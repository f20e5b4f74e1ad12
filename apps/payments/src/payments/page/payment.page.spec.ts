import type { PaymentView } from '../payment';
import { paymentPage } from './payment.page';
import { STATES } from './texts';

const payment = (changes: Partial<PaymentView> = {}): PaymentView => ({
  id: 6,
  order_id: 7,
  user_id: 1,
  total_amount: 2059.49,
  is_paid: false,
  state: 'requested',
  created: '2026-11-23T16:00:41.491Z',
  ...changes,
});

describe('The page of a payment', () => {
  it('shows what is paid, and a form whose fields a browser can fill in', () => {
    const page = paymentPage(payment());

    expect(page).toContain('<dt>Commande</dt><dd>7</dd>');
    expect(page).toContain('<dt>Montant</dt><dd>2\u00A0059,49\u00A0$</dd>');
    for (const name of ['cc-number', 'cc-csc', 'cc-exp']) expect(page).toContain(`autocomplete="${name}"`);
    expect(page).toContain('<html lang="fr-CA">');
  });

  it('sends a card nowhere without its script, and never in an address', () => {
    expect(paymentPage(payment())).toMatch(/<form method="post"[^>]*>/);
    expect(paymentPage(payment())).not.toContain('action=');
  });

  it.each([
    [0.01, '0,01\u00A0$'],
    [59.5, '59,50\u00A0$'],
    [9_999_999_999.99, '9\u00A0999\u00A0999\u00A0999,99\u00A0$'],
  ])('writes %d as people here do', (total_amount, text) => {
    expect(paymentPage(payment({ total_amount }))).toContain(`<dd>${text}</dd>`);
  });

  it.each(Object.entries(STATES))('says in words that it is %s, and has no form then', (state, words) => {
    const page = paymentPage(payment({ state: state as PaymentView['state'] }));

    expect(page).toContain(`<p id="outcome" class="${state}">${words}</p>`);
    expect(page).not.toContain('<form');
  });

  it('says that there is no such payment', () => {
    expect(paymentPage(undefined)).toContain('<h1>Paiement inconnu</h1>');
    expect(paymentPage(undefined)).not.toContain('<form');
  });
});
