import type { OrderCancelled } from '@magasin/contracts';
import { orderCancellation } from './order-cancellation.email';

const { unpaid, paid, 'user-deleted': userDeleted } = orderCancellation.samples;
const ASKED = 'Comme demandé, votre commande nº 7 au Magasin du Coin est annulée.';
const WITH_THE_ACCOUNT = 'Votre compte au Magasin du Coin a été supprimé, et votre commande nº 7 est annulée avec lui.';
const NOTHING_DUE = "Elle n'était pas payée : vous ne devez rien, et son lien de paiement ne sert plus.";
const MONEY_BACK =
  "Vous l'aviez payée : le montant de 4\u00a0059,48\u00a0$ vous est remboursé, et un courriel vous le confirmera.";

describe('The cancellation of an order', () => {
  it.each<[string, OrderCancelled, string[]]>([
    ['as asked, not paid', unpaid, [ASKED, NOTHING_DUE]],
    ['as asked, paid', paid, [ASKED, MONEY_BACK]],
    ['with the account, not paid', userDeleted, [WITH_THE_ACCOUNT, NOTHING_DUE]],
    // The store keeps paid orders of a user who goes; if it ever did not, this is what he would read.
    ['with the account, paid', { ...userDeleted, is_paid: true }, [WITH_THE_ACCOUNT, MONEY_BACK]],
  ])('says why, and what of the money: %s', (_case, event, said) => {
    const { heading, paragraphs } = orderCancellation.body(event);

    expect(heading).toBe('Votre commande est annulée, Grace Hopper');
    expect(paragraphs).toEqual([
      ...said,
      'Une question ? Écrivez à ventes@magasinducoin.ca, une personne vous répondra.',
    ]);
  });

  it('goes to who ordered, also when he is a user no more', () => {
    expect(userDeleted.user_id).toBeNull();
    expect(orderCancellation.to(userDeleted)).toBe('grace@example.com');
    expect(orderCancellation.subject(userDeleted)).toBe('Votre commande nº 7 est annulée');
    expect(orderCancellation.file(userDeleted)).toBe('order_cancellation_7');
  });

  it('lists what is cancelled, and leads to no payment', () => {
    const { lines, link } = orderCancellation.body(unpaid);

    expect(lines).toEqual([
      ['Laptop ABC', '3\u00a0999,98\u00a0$', '2 × 1\u00a0999,99\u00a0$'],
      ['Keyboard DEF', '59,50\u00a0$', '1 × 59,50\u00a0$'],
      ['Total', '4\u00a0059,48\u00a0$'],
    ]);
    expect(link).toBeUndefined();
  });

  it('shows the number of the order, and when it was cancelled', () => {
    expect(orderCancellation.body({ ...unpaid, datetime: '2026-11-23 16:00:41.491000' }).facts).toEqual([
      ['Numéro de commande', '7'],
      ["Date d'annulation", '2026-11-23 16:00:41.491000'],
    ]);
  });
});
