import { refund } from './refund.email';

const sample = refund.samples['order-cancelled'];

describe('The refund', () => {
  it.each([
    ['order-cancelled', 'Vous aviez payé cette commande, et elle a été annulée.'],
    ['paid-after-cancelled', 'Votre paiement est arrivé alors que cette commande était déjà annulée.'],
    [
      'wrong-amount',
      "Le montant de votre paiement n'était pas celui de cette commande : nous ne pouvions pas l'accepter.",
    ],
    ['unknown-order', "Nous n'avons aucune commande de ce numéro : votre paiement ne pouvait rien régler."],
  ])('says how much, for which order, why and where it goes: %s', (reason, why) => {
    expect(refund.samples[reason].reason).toBe(reason);
    expect(refund.body(refund.samples[reason]).paragraphs).toEqual([
      'Nous vous rendons 4\u00a0059,48\u00a0$, le montant de votre paiement pour la commande nº 7 au Magasin du Coin.',
      why,
      'La somme retourne sur la carte qui a servi à payer : votre banque peut prendre quelques jours pour la montrer.',
      'Une question ? Écrivez à ventes@magasinducoin.ca, une personne vous répondra.',
    ]);
  });

  it('goes to whose money it was', () => {
    expect(refund.to(sample)).toBe('grace@example.com');
    expect(refund.subject(sample)).toBe('Remboursement de votre paiement pour la commande nº 7');
    expect(refund.file(sample)).toBe('refund_7');
    expect(refund.body(sample).heading).toBe('Votre paiement vous est remboursé, Grace Hopper');
  });

  it('has a file of its own when the same payment was refunded before, for its amount', () => {
    const files = ['wrong-amount', 'order-cancelled'].map((reason) => refund.file(refund.samples[reason]));

    expect(new Set(files).size).toBe(2);
  });

  it('goes to nobody when nobody knows whose money it was', () => {
    expect(refund.to({ ...sample, user_email: undefined })).toBeUndefined();
  });

  it('does without a name', () => {
    expect(refund.body({ ...sample, user_name: undefined }).heading).toBe('Votre paiement vous est remboursé');
  });

  it('shows how much, for which order, of which payment and when', () => {
    expect(refund.body({ ...sample, datetime: '2026-11-23 16:00:41.491000' }).facts).toEqual([
      ['Montant remboursé', '4\u00a0059,48\u00a0$'],
      ['Numéro de commande', '7'],
      ['Numéro de paiement', '12'],
      ['Date de remboursement', '2026-11-23 16:00:41.491000'],
    ]);
  });
});
