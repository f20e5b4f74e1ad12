import { toCents } from '@magasin/contracts';
import { buildMessage, isNumber, isString, ValidateBy } from 'class-validator';

/** What 32 bits hold, in every database and in every client. */
export const LARGEST_QUANTITY = 2_147_483_647;

/**
 * What something costs: more than nothing, to the cent, as a number or as its decimal text.
 * @param atMost the dearest that it may be, as text with two decimals; up to 9999999999.99
 */
export const IsPrice = ({ atMost = '99999999.99' } = {}): PropertyDecorator =>
  ValidateBy({
    name: 'isPrice',
    constraints: [atMost],
    validator: {
      validate: (value) => {
        const cents = isNumber(value) || isString(value) ? (toCents(value) ?? 0) : 0;
        return cents > 0 && cents <= toCents(atMost)!;
      },
      defaultMessage: buildMessage(
        (each) =>
          `${each}$property must be a number or a decimal text above 0, with at most 2 decimals, at most ${atMost}`,
      ),
    },
  });

/** A count of things: a number, not its text. */
export const IsQuantity = (least: 0 | 1): PropertyDecorator =>
  ValidateBy({
    name: 'isQuantity',
    constraints: [least],
    validator: {
      validate: (value) =>
        Number.isInteger(value) && (value as number) >= least && (value as number) <= LARGEST_QUANTITY,
      defaultMessage: buildMessage(
        (each) => `${each}$property must be a whole number from ${least} to ${LARGEST_QUANTITY}`,
      ),
    },
  });
