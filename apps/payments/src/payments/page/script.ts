import { BUSY, ERRORS, FAILED, STATES } from './texts';

/**
 * What the page does in the browser: it sends the card as JSON to the address of the page, and says beside the fields what
 * was wrong. It stands in the page as it is here, so it can not be built and is plain JavaScript.
 */
export const script = `
  (() => {
    const texts = ${JSON.stringify({ BUSY, ERRORS, FAILED, PAID: STATES.paid })};
    const form = document.querySelector('form');
    const outcome = document.getElementById('outcome');
    if (!form) return;
    const inputs = [...form.querySelectorAll('input')];

    // As people read them from the card: in groups, and the month before the year.
    const digits = (text) => text.replace(/[\\s-]/g, '');
    const date = (text) => {
      const [, month, century = '20', year] = /^(\\d\\d?) *[/-] *(\\d\\d)?(\\d\\d)$/.exec(text.trim()) || [];
      return month ? century + year + '-' + month.padStart(2, '0') : text.trim();
    };
    const say = (text) => { outcome.textContent = text; };
    const mark = (input, error) => {
      document.getElementById(input.name + '-error').textContent = error;
      if (error) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    };
    const send = () => {
      const { cardNumber, cardCode, expirationDate } = form.elements;
      const card = {
        cardNumber: digits(cardNumber.value),
        cardCode: digits(cardCode.value),
        expirationDate: date(expirationDate.value),
      };
      const headers = { 'content-type': 'application/json' };
      return fetch(location.pathname, { method: 'POST', headers, body: JSON.stringify(card) });
    };
    const tell = async (response) => {
      if (response.ok) {
        form.remove();
        outcome.className = 'paid';
        say(texts.PAID);
        outcome.focus();
        return;
      }
      // It was paid back, cancelled or is not there: the page itself says which.
      if (response.status === 404 || response.status === 409) return location.reload();
      const { errors = [] } = await response.json().catch(() => ({}));
      const wrong = inputs.filter(({ name }) => errors.some(({ pointer }) => pointer === '#/' + name));
      wrong.forEach((input) => mark(input, texts.ERRORS[input.name]));
      say(wrong.length > 0 ? '' : texts.FAILED);
      if (wrong.length > 0) wrong[0].focus();
    };

    let busy = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      inputs.forEach((input) => mark(input, ''));
      say(texts.BUSY);
      await send().then(tell, () => say(texts.FAILED));
      busy = false;
    });
  })();
`;
