import { UserDeleted } from '@magasin/contracts';
import { declareEmail } from '../email-declaration';
import { CLIENT, EMPLOYEE, userFacts } from '../user-facts';

export const goodbye = declareEmail<UserDeleted>({
  name: 'goodbye',
  on: UserDeleted,
  to: (user) => user.email,
  subject: (user) => `Au revoir, ${user.name}`,
  body: (user) => ({
    heading: `Au revoir, ${user.name}`,
    paragraphs: [
      'À votre demande, votre compte au Magasin du Coin a été supprimé.',
      user.user_type_id === CLIENT
        ? "Merci d'avoir été notre client. Votre prochaine visite sera toujours la bienvenue."
        : user.user_type_id === EMPLOYEE
          ? "Merci d'avoir été notre employé : le magasin doit beaucoup à votre travail."
          : "Merci d'avoir été notre gestionnaire : l'équipe se souviendra de vous.",
    ],
    facts: userFacts(user, 'Date de suppression'),
  }),
  file: (user) => `goodbye_${user.id}`,
  sample: UserDeleted.of({ id: 6, name: 'Grace Hopper', email: 'grace@example.com', user_type_id: 1 }),
});
