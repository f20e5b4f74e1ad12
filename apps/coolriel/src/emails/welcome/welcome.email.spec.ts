import { welcome } from './welcome.email';

const TO_THE_STAFF = [
  "Bienvenue dans l'équipe du Magasin du Coin : votre compte du personnel est ouvert.",
  'Votre gestionnaire vous fera visiter les lieux. Nous sommes heureux de travailler avec vous.',
];

describe('The welcome', () => {
  const { client, employee, manager } = welcome.samples;

  it('thanks a client for the visit, and says whom to write to about a purchase', () => {
    expect(welcome.body(client).paragraphs).toEqual([
      'Merci de votre visite au Magasin du Coin : votre compte client est ouvert et prêt pour votre premier achat.',
      'Une question sur un achat ? Écrivez à ventes@magasinducoin.ca, une personne vous répondra.',
    ]);
  });

  it('welcomes an employee to the team', () => {
    expect(welcome.body(employee).paragraphs).toEqual(TO_THE_STAFF);
  });

  it('welcomes a manager to the team', () => {
    expect(welcome.body(manager).paragraphs).toEqual(TO_THE_STAFF);
  });

  it('shows what is known of the user', () => {
    const event = { ...client, datetime: '2026-11-23 16:00:41.491000' };

    expect(welcome.body(event).facts).toEqual([
      ["Numéro d'utilisateur", '6'],
      ['Nom', 'Grace Hopper'],
      ['Courriel', 'grace@example.com'],
      ["Date d'inscription", '2026-11-23 16:00:41.491000'],
    ]);
  });
});
