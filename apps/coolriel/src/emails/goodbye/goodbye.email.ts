import { UserDeleted } from '@magasin/contracts';
import { declareEmail } from '../email-declaration';
import { CLIENT, EMPLOYEE, MANAGER, SOMEONE, userFacts } from '../user-facts';

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
  samples: {
    client: UserDeleted.of({ ...SOMEONE, user_type_id: CLIENT }),
    employee: UserDeleted.of({ ...SOMEONE, user_type_id: EMPLOYEE }),
    manager: UserDeleted.of({ ...SOMEONE, user_type_id: MANAGER }),
  },
});
