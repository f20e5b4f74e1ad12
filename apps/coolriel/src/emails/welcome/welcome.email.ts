import { UserCreated } from '@magasin/contracts';
import { declareEmail } from '../email-declaration';
import { CLIENT, EMPLOYEE, MANAGER, SOMEONE, userFacts } from '../user-facts';

export const welcome = declareEmail<UserCreated>({
  name: 'welcome',
  on: UserCreated,
  to: (user) => user.email,
  subject: (user) => `Bienvenue au Magasin du Coin, ${user.name}`,
  body: (user) => ({
    heading: `Bienvenue, ${user.name} !`,
    paragraphs:
      user.user_type_id === CLIENT
        ? [
            'Merci de votre visite au Magasin du Coin : votre compte client est ouvert et prêt pour votre premier achat.',
            'Une question sur un achat ? Écrivez à ventes@magasinducoin.ca, une personne vous répondra.',
          ]
        : [
            "Bienvenue dans l'équipe du Magasin du Coin : votre compte du personnel est ouvert.",
            'Votre gestionnaire vous fera visiter les lieux. Nous sommes heureux de travailler avec vous.',
          ],
    facts: userFacts(user, "Date d'inscription"),
  }),
  file: (user) => `welcome_${user.id}`,
  samples: {
    client: UserCreated.of({ ...SOMEONE, user_type_id: CLIENT }),
    employee: UserCreated.of({ ...SOMEONE, user_type_id: EMPLOYEE }),
    manager: UserCreated.of({ ...SOMEONE, user_type_id: MANAGER }),
  },
});
