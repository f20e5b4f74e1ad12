import { orderConfirmation } from './order-confirmation.email';

const event = { ...orderConfirmation.samples['to-be-paid'], datetime: '2026-11-23 16:00:41.491000' };

describe('The confirmation of an order', () => {
  it('goes to who ordered', () => {
    expect(orderConfirmation.to(event)).toBe('grace@example.com');
    expect(orderConfirmation.subject(event)).toBe('Votre commande nº 7 est confirmée');
    expect(orderConfirmation.file(event)).toBe('order_confirmation_7');
  });

  it('gives thanks, and says what is left to do and whom to ask', () => {
    const { heading, paragraphs } = orderConfirmation.body(event);

    expect(heading).toBe('Merci de votre commande, Grace Hopper !');
    expect(paragraphs).toEqual([
      'Votre commande nº 7 au Magasin du Coin est confirmée, et vos articles vous sont réservés.',
      "Il ne vous reste qu'à la payer, avec le lien qui suit le total.",
      'Une question ? Écrivez à ventes@magasinducoin.ca, une personne vous répondra.',
    ]);
  });

  it('lists what was ordered, with the total', () => {
    expect(orderConfirmation.body(event).lines).toEqual([
      ['Laptop ABC', '3\u00a0999,98\u00a0$', '2 × 1\u00a0999,99\u00a0$'],
      ['Keyboard DEF', '59,50\u00a0$', '1 × 59,50\u00a0$'],
      ['Total', '4\u00a0059,48\u00a0$'],
    ]);
  });

  it('leads to where it is paid', () => {
    expect(orderConfirmation.body(event).link).toEqual({
      words: 'Payer ma commande',
      address: 'http://localhost:5009/payments/process/12',
    });
  });

  it('shows the number of the order, and when it was confirmed', () => {
    expect(orderConfirmation.body(event).facts).toEqual([
      ['Numéro de commande', '7'],
      ['Date de confirmation', '2026-11-23 16:00:41.491000'],
    ]);
  });
});
