import { goodbye } from './goodbye.email';

describe('The goodbye', () => {
  it.each([
    ['client', "Merci d'avoir été notre client. Votre prochaine visite sera toujours la bienvenue."],
    ['employee', "Merci d'avoir été notre employé : le magasin doit beaucoup à votre travail."],
    ['manager', "Merci d'avoir été notre gestionnaire : l'équipe se souviendra de vous."],
  ])('says that the account is removed as asked, and thanks the %s', (who, thanks) => {
    const { paragraphs } = goodbye.body(goodbye.samples[who]);

    expect(paragraphs).toEqual(['À votre demande, votre compte au Magasin du Coin a été supprimé.', thanks]);
  });

  it('shows what was known of the user', () => {
    const event = { ...goodbye.samples.client, datetime: '2026-11-23 16:00:41.491000' };

    expect(goodbye.body(event).facts).toEqual([
      ["Numéro d'utilisateur", '6'],
      ['Nom', 'Grace Hopper'],
      ['Courriel', 'grace@example.com'],
      ['Date de suppression', '2026-11-23 16:00:41.491000'],
    ]);
  });
});
