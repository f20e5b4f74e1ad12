import { OrderPaid } from '@magasin/contracts';
import { declareEmail } from '../email-declaration';
import { AN_ORDER, inDollars, orderLines, QUESTIONS } from '../order-facts';

export const paymentReceipt = declareEmail<OrderPaid>({
  name: 'payment-receipt',
  on: OrderPaid,
  to: (order) => order.user_email,
  subject: (order) => `Paiement reçu pour votre commande nº ${order.id}`,
  body: (order) => ({
    heading: `Merci, ${order.user_name} : votre paiement est reçu`,
    paragraphs: [
      `Nous avons bien reçu ${inDollars(order.total_amount)} pour votre commande nº ${order.id} au Magasin du Coin.`,
      "Elle est payée en entier : vous n'avez plus rien à faire. Ce courriel est votre reçu.",
      QUESTIONS,
    ],
    lines: orderLines(order),
    facts: [
      ['Montant payé', inDollars(order.total_amount)],
      ['Numéro de commande', String(order.id)],
      ['Numéro de paiement', String(order.payment_id)],
      ['Date de paiement', order.datetime],
    ],
  }),
  file: (order) => `payment_receipt_${order.id}`,
  samples: { paid: OrderPaid.of({ ...AN_ORDER, payment_id: 12 }) },
});
