import { paymentReceipt } from './payment-receipt.email';

const event = { ...paymentReceipt.samples.paid, datetime: '2026-11-23 16:00:41.491000' };

describe('The receipt of a payment', () => {
  it('goes to who ordered', () => {
    expect(paymentReceipt.to(event)).toBe('grace@example.com');
    expect(paymentReceipt.subject(event)).toBe('Paiement reçu pour votre commande nº 7');
    expect(paymentReceipt.file(event)).toBe('payment_receipt_7');
  });

  it('gives thanks for the amount, and says that nothing is left to do', () => {
    const { heading, paragraphs } = paymentReceipt.body(event);

    expect(heading).toBe('Merci, Grace Hopper : votre paiement est reçu');
    expect(paragraphs).toEqual([
      'Nous avons bien reçu 4\u00a0059,48\u00a0$ pour votre commande nº 7 au Magasin du Coin.',
      "Elle est payée en entier : vous n'avez plus rien à faire. Ce courriel est votre reçu.",
      'Une question ? Écrivez à ventes@magasinducoin.ca, une personne vous répondra.',
    ]);
  });

  it('lists what was paid for, and leads nowhere', () => {
    const { lines, link } = paymentReceipt.body(event);

    expect(lines).toEqual([
      ['Laptop ABC', '3\u00a0999,98\u00a0$', '2 × 1\u00a0999,99\u00a0$'],
      ['Keyboard DEF', '59,50\u00a0$', '1 × 59,50\u00a0$'],
      ['Total', '4\u00a0059,48\u00a0$'],
    ]);
    expect(link).toBeUndefined();
  });

  it('shows how much was paid, for which order, by which payment and when', () => {
    expect(paymentReceipt.body(event).facts).toEqual([
      ['Montant payé', '4\u00a0059,48\u00a0$'],
      ['Numéro de commande', '7'],
      ['Numéro de paiement', '12'],
      ['Date de paiement', '2026-11-23 16:00:41.491000'],
    ]);
  });
});
