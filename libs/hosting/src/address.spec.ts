import { IsLink } from '@magasin/contracts';
import { validateSync } from 'class-validator';
import { addressOf } from './address';

class Link {
  @IsLink()
  link: string;
}

describe('addressOf', () => {
  it.each([
    ['localhost', 'http://localhost:5009'],
    ['0.0.0.0', 'http://localhost:5009'],
    ['::', 'http://localhost:5009'],
    ['192.168.1.7', 'http://192.168.1.7:5009'],
    ['::1', 'http://[::1]:5009'],
  ])('makes of %s an address that a browser opens, and that an event may carry', (host, address) => {
    expect(addressOf(host, 5009)).toBe(address);
    expect(validateSync(Object.assign(new Link(), { link: `${addressOf(host, 5009)}/payments/process/1` }))).toEqual(
      [],
    );
  });
});
