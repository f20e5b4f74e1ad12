import { htmlDocument, type Look } from '@magasin/hosting';
import { htmlEscape } from 'escape-goat';
import type { PaymentView } from '../payment';
import { script } from './script';
import { style } from './style';
import { STATES } from './texts';

/** Without its script it sends nothing anywhere: what a browser sends by itself would be no JSON. */
export const LOOK: Look = {
  language: 'fr-CA',
  style,
  script,
  policy: ["connect-src 'self'", "form-action 'none'"],
};

// A card.
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#a8452f" d="M1 3h14v10H1z"/><path fill="#fff" d="M1 5h14v2H1z"/></svg>`;

const DOLLARS = new Intl.NumberFormat('fr-CA', { style: 'currency', currency: 'CAD' });

/** Where the customer pays. Without a payment it says that there is none. */
export function paymentPage(payment: PaymentView | undefined): string {
  const body = `    <header><strong>Magasin du Coin</strong></header>
    <main>
${payment ? paymentContent(payment) : UNKNOWN}
    </main>`;
  return htmlDocument(LOOK, { title: 'Paiement · Magasin du Coin', icon: ICON, body });
}

const UNKNOWN = `      <h1>Paiement inconnu</h1>
      <p>Ce lien ne mène à aucun paiement. Vérifiez l’adresse dans votre courriel.</p>`;

const paymentContent = ({ order_id, total_amount, state }: PaymentView): string =>
  htmlEscape`      <h1>Paiement</h1>
      <dl>
        <dt>Commande</dt><dd>${order_id}</dd>
        <dt>Montant</dt><dd>${DOLLARS.format(total_amount)}</dd>
      </dl>
` + (state === 'requested' ? FORM : htmlEscape`      <p id="outcome" class="${state}">${STATES[state]}</p>`);

const field = (name: string, label: string, hint: string, attributes: string): string => `
        <div class="field">
          <label for="${name}">${label}</label>
          <input id="${name}" name="${name}" required spellcheck="false" aria-describedby="${name}-hint ${name}-error" ${attributes}>
          <p id="${name}-hint" class="quiet">${hint}</p>
          <p id="${name}-error" class="error"></p>
        </div>`;

const FORM = `      <noscript><p class="error">Pour payer ici, il faut permettre JavaScript dans votre navigateur.</p></noscript>
      <form method="post" class="card" aria-label="Carte">${[
        field('cardNumber', 'Numéro de la carte', '12 à 19 chiffres', 'inputmode="numeric" autocomplete="cc-number"'),
        field('cardCode', 'Code de sécurité', '3 ou 4 chiffres', 'inputmode="numeric" autocomplete="cc-csc"'),
        field('expirationDate', 'Date d’expiration', 'Mois et année, comme 01/30', 'autocomplete="cc-exp"'),
      ].join('')}
        <button>Payer</button>
      </form>
      <p id="outcome" role="status" tabindex="-1"></p>`;
