import { OrderConfirmed } from '@magasin/contracts';
import { declareEmail } from '../email-declaration';
import { AN_ORDER, orderLines, QUESTIONS } from '../order-facts';

export const orderConfirmation = declareEmail<OrderConfirmed>({
  name: 'order-confirmation',
  on: OrderConfirmed,
  to: (order) => order.user_email,
  subject: (order) => `Votre commande nº ${order.id} est confirmée`,
  body: (order) => ({
    heading: `Merci de votre commande, ${order.user_name} !`,
    paragraphs: [
      `Votre commande nº ${order.id} au Magasin du Coin est confirmée, et vos articles vous sont réservés.`,
      "Il ne vous reste qu'à la payer, avec le lien qui suit le total.",
      QUESTIONS,
    ],
    lines: orderLines(order),
    link: { words: 'Payer ma commande', address: order.payment_link },
    facts: [
      ['Numéro de commande', String(order.id)],
      ['Date de confirmation', order.datetime],
    ],
  }),
  file: (order) => `order_confirmation_${order.id}`,
  samples: {
    'to-be-paid': OrderConfirmed.of({
      ...AN_ORDER,
      payment_id: 12,
      payment_link: 'http://localhost:5009/payments/process/12',
    }),
  },
});
