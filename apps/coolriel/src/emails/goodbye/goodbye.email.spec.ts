import { goodbye } from './goodbye.email';

describe('The goodbye', () => {
  it.each([
    ['a client', 1, "Merci d'avoir été notre client. Votre prochaine visite sera toujours la bienvenue."],
    ['an employee', 2, "Merci d'avoir été notre employé : le magasin doit beaucoup à votre travail."],
    ['a manager', 3, "Merci d'avoir été notre gestionnaire : l'équipe se souviendra de vous."],
  ])('says that the account is removed as asked, and thanks %s', (_who, user_type_id, thanks) => {
    const { paragraphs } = goodbye.body(Object.assign(goodbye.sample, { user_type_id }));

    expect(paragraphs).toEqual(['À votre demande, votre compte au Magasin du Coin a été supprimé.', thanks]);
  });

  it('shows what was known of the user', () => {
    const sample = Object.assign(goodbye.sample, { datetime: '2026-11-23 16:00:41.491000' });

    expect(goodbye.body(sample).facts).toEqual([
      ["Numéro d'utilisateur", '6'],
      ['Nom', 'Grace Hopper'],
      ['Courriel', 'grace@example.com'],
      ['Date de suppression', '2026-11-23 16:00:41.491000'],
    ]);
  });
});
