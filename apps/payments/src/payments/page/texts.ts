import type { PaymentState } from '../payment';

/** What the page says of a payment that can not be paid now. */
export const STATES: Record<Exclude<PaymentState, 'requested'>, string> = {
  paid: 'Le paiement est fait. Merci\u00A0!',
  cancelled: 'La commande a été annulée\u00A0: il n’y a plus rien à payer.',
  refunded: 'Ce paiement vous a été remboursé\u00A0: il n’y a plus rien à payer.',
};

/** By the fields of the card. The API's own words are English. */
export const ERRORS = {
  cardNumber: 'Le numéro de la carte a de 12 à 19 chiffres.',
  cardCode: 'Le code a 3 ou 4 chiffres, le plus souvent au dos de la carte.',
  expirationDate: 'La date doit être à venir, comme 01/30 ou 2030-01.',
};

export const BUSY = 'Un instant…';
/** Whatever else happened, also when no answer came. To send it again is harmless. */
export const FAILED =
  'Le paiement n’a pas pu être confirmé. Réessayez dans un moment\u00A0: il n’est débité qu’une fois.';
