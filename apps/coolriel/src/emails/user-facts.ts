import type { Facts, UserCreated } from '@magasin/contracts';

export const CLIENT = 1;
export const EMPLOYEE = 2;
export const MANAGER = 3;

/** For samples: nobody, at an address that is nobody's. */
export const SOMEONE = { id: 6, name: 'Grace Hopper', email: 'grace@example.com' };

/** What the reader is told that we hold of him, with the moment of the event. */
export const userFacts = (user: Facts<UserCreated> & { datetime: string }, moment: string): [string, string][] => [
  ["Numéro d'utilisateur", String(user.id)],
  ['Nom', user.name],
  ['Courriel', user.email],
  [moment, user.datetime],
];
