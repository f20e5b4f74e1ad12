import { PaymentRefunded } from '@magasin/contracts';
import { declareEmail } from '../email-declaration';
import { AN_ORDER, inDollars, QUESTIONS } from '../order-facts';

const WHY: Record<PaymentRefunded['reason'], string> = {
  'order-cancelled': 'Vous aviez payé cette commande, et elle a été annulée.',
  'paid-after-cancelled': 'Votre paiement est arrivé alors que cette commande était déjà annulée.',
  'wrong-amount': "Le montant de votre paiement n'était pas celui de cette commande : nous ne pouvions pas l'accepter.",
  'unknown-order': "Nous n'avons aucune commande de ce numéro : votre paiement ne pouvait rien régler.",
};

const { user_id, user_name, user_email, total_amount } = AN_ORDER;
const because = (reason: PaymentRefunded['reason']): PaymentRefunded =>
  PaymentRefunded.of({ id: 12, order_id: 7, user_id, user_name, user_email, total_amount, reason });

export const refund = declareEmail<PaymentRefunded>({
  name: 'refund',
  on: PaymentRefunded,
  to: (payment) => payment.user_email,
  subject: (payment) => `Remboursement de votre paiement pour la commande nº ${payment.order_id}`,
  body: (payment) => ({
    heading: `Votre paiement vous est remboursé${payment.user_name === undefined ? '' : `, ${payment.user_name}`}`,
    paragraphs: [
      `Nous vous rendons ${inDollars(payment.total_amount)}, le montant de votre paiement pour la commande nº ${payment.order_id} au Magasin du Coin.`,
      WHY[payment.reason],
      'La somme retourne sur la carte qui a servi à payer : votre banque peut prendre quelques jours pour la montrer.',
      QUESTIONS,
    ],
    facts: [
      ['Montant remboursé', inDollars(payment.total_amount)],
      ['Numéro de commande', String(payment.order_id)],
      ['Numéro de paiement', String(payment.id)],
      ['Date de remboursement', payment.datetime],
    ],
  }),
  // By the order, as the others about it. Its one payment goes back twice when it first was of a wrong amount.
  file: (payment) => `refund_${payment.reason === 'wrong-amount' ? 'wrong_amount_' : ''}${payment.order_id}`,
  samples: {
    'order-cancelled': because('order-cancelled'),
    'paid-after-cancelled': because('paid-after-cancelled'),
    'wrong-amount': because('wrong-amount'),
    'unknown-order': because('unknown-order'),
  },
});
