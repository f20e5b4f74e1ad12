import { OrderCancelled } from '@magasin/contracts';
import { declareEmail } from '../email-declaration';
import { AN_ORDER, inDollars, orderLines, QUESTIONS } from '../order-facts';

export const orderCancellation = declareEmail<OrderCancelled>({
  name: 'order-cancellation',
  on: OrderCancelled,
  to: (order) => order.user_email,
  subject: (order) => `Votre commande nº ${order.id} est annulée`,
  body: (order) => ({
    heading: `Votre commande est annulée, ${order.user_name}`,
    paragraphs: [
      order.reason === 'user-deleted'
        ? `Votre compte au Magasin du Coin a été supprimé, et votre commande nº ${order.id} est annulée avec lui.`
        : `Comme demandé, votre commande nº ${order.id} au Magasin du Coin est annulée.`,
      order.is_paid
        ? `Vous l'aviez payée : le montant de ${inDollars(order.total_amount)} vous est remboursé, et un courriel vous le confirmera.`
        : "Elle n'était pas payée : vous ne devez rien, et son lien de paiement ne sert plus.",
      QUESTIONS,
    ],
    lines: orderLines(order),
    facts: [
      ['Numéro de commande', String(order.id)],
      ["Date d'annulation", order.datetime],
    ],
  }),
  file: (order) => `order_cancellation_${order.id}`,
  samples: {
    unpaid: OrderCancelled.of({ ...AN_ORDER, is_paid: false, reason: 'request' }),
    paid: OrderCancelled.of({ ...AN_ORDER, is_paid: true, reason: 'request' }),
    'user-deleted': OrderCancelled.of({ ...AN_ORDER, user_id: null, is_paid: false, reason: 'user-deleted' }),
  },
});
