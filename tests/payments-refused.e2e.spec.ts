import { type Answer, ask, expectProblem, openShop, readAll, type TestShop } from './shop';

const CARD = { cardNumber: 9_999_999_999_999, cardCode: 123, expirationDate: '2030-01-05' };
const asked = (changes: object = {}): object => ({ user_id: 1, order_id: 9_007, total_amount: 59.5, ...changes });
/** The payment that stays open. */
const open = '/payments/process/1';

describe('Payments that can not be', () => {
  let shop: TestShop;
  let before: unknown;
  beforeAll(async () => {
    shop = await openShop();
    expect((await post('/payments', asked())).status).toBe(201);
    before = await state();
  });
  afterEach(async () => expect(await state()).toEqual(before));
  afterAll(() => shop.remove());

  const get = <T>(path: string): Promise<Answer<T>> => ask<T>(shop.payments + path);
  const post = <T>(path: string, body?: unknown): Promise<Answer<T>> => ask<T>(shop.payments + path, 'POST', body);
  const state = async (): Promise<unknown> => ({
    payments: await readAll(`${shop.payments}/payments`),
    events: await shop.events(),
  });

  it.each([
    0,
    -1,
    3.999,
    '3.999',
    1e300,
    '1e3',
    '',
    ' 5',
    '5,00',
    '05',
    '0.00',
    10_000_000_000,
    '10000000000.00',
    null,
    true,
    ['5'],
    {},
    undefined,
  ])('are not of %j', async (total_amount) => {
    expectProblem(await post('/payments', asked({ order_id: 99_099, total_amount })), {
      status: 400,
      type: 'invalid-input',
      pointers: ['#/total_amount'],
    });
  });

  it.each(['order_id', 'user_id'])('do not have the %s of nobody', async (field) => {
    for (const id of [0, -1, 1.5, '1', 2 ** 53, null, true, [1], undefined]) {
      const answer = await post('/payments', asked({ order_id: 99_099, [field]: id }));
      expectProblem(answer, { status: 400, type: 'invalid-input', pointers: [`#/${field}`] });
    }
  });

  it('are told of all their fields at once', async () => {
    const pointers = ['#/user_id', '#/order_id', '#/total_amount'];
    expectProblem(await post('/payments', {}), { status: 400, type: 'invalid-input', pointers });
    expectProblem(await post(open, {}), {
      status: 400,
      type: 'invalid-input',
      pointers: ['#/cardNumber', '#/cardCode', '#/expirationDate'],
    });
  });

  it.each([
    ['cardNumber', '41111111111'],
    ['cardNumber', 41_111_111_111],
    ['cardNumber', '4111 1111 1111 1111'],
    ['cardNumber', '41111111111111111111'],
    ['cardNumber', { number: '4111111111111111' }],
    ['cardNumber', ['4111111111111111']],
    ['cardCode', '98'],
    ['cardCode', 98],
    ['cardCode', '98765'],
    ['cardCode', '98x'],
    ['expirationDate', new Date().toISOString().slice(0, 10)],
    ['expirationDate', new Date(Date.now() - 32 * 86_400_000).toISOString().slice(0, 7)],
    ['expirationDate', '2031-02-30'],
    ['expirationDate', '0199'],
  ])('are not paid with the %s %j, which is not repeated', async (field, value) => {
    const answer = await post(open, { ...CARD, [field]: value });

    expectProblem(answer, { status: 400, type: 'invalid-input', pointers: [`#/${field}`] });
    const digits = JSON.stringify(value).match(/\d+/g)!;
    for (const group of digits.filter((one) => one.length > 2)) expect(answer.text).not.toContain(group);
    expect(answer.text).not.toMatch(/98/);
  });

  it.each(['/payments', open])('come in no body that is deep, large, or no JSON, to %s', async (path) => {
    const number = '4111111111111111';
    const bodies: [string, number][] = [
      [`{"cardNumber":"${number}"`, 400],
      [`{"cardNumber":${number}x}`, 400],
      [`{"cardNumber":0${number}}`, 400],
      [`"${number}"`, 400],
      [number, 400],
      [`["${number}"]`, 400],
      [`{"${number}":`, 400],
      [`{"__proto__":{"cardNumber":"${number}"}}`, 400],
      [`{"cardNumber":${'['.repeat(200)}"${number}"${']'.repeat(200)}}`, 400],
      [`{"cardNumber":"${number.repeat(100_000)}"}`, 413],
    ];
    for (const [body, status] of bodies) {
      const answer = await post(path, body);
      expect([body.slice(0, 40), answer.status]).toEqual([body.slice(0, 40), status]);
      expect(answer.text).not.toContain('4111');
    }
    const form = await ask(shop.payments + path, 'POST', `cardNumber=${number}`, 'application/x-www-form-urlencoded');
    expectProblem(form, { status: 415 });
    expect(form.text).not.toContain('4111');
  });

  it('are not paid when there is none', async () => {
    for (const id of [0, 999]) {
      expectProblem(await post(`/payments/process/${id}`, CARD), { status: 404, type: 'payment-not-found' });
      expectProblem(await get(`/payments/${id}`), { status: 404, type: 'payment-not-found' });
      const page = await get(`/payments/process/${id}`);
      expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect(page.text).toContain('Paiement inconnu');
    }
  });

  it.each(['abc', '1e3', '0x10', '-1', '9007199254740992', '01'])('are not asked for by %s', async (id) => {
    const refusal = { status: 400, type: 'invalid-input', pointers: ['#/id'] };

    expectProblem(await get(`/payments/${id}`), refusal);
    expectProblem(await get(`/payments/process/${id}`), refusal);
    expectProblem(await post(`/payments/process/${id}`, CARD), refusal);
  });

  it.each([
    ['PUT', '/payments/1', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/payments', 'GET, HEAD, OPTIONS, POST'],
    ['PATCH', '/payments/process/1', 'GET, HEAD, OPTIONS, POST'],
    ['POST', '/', 'GET, HEAD, OPTIONS'],
  ])('are not made by %s %s', async (method, path, allow) => {
    const answer = await ask(shop.payments + path, method);

    expectProblem(answer, { status: 405 });
    expect(answer.headers.get('allow')).toBe(allow);
  });
});
