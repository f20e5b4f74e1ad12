/** Who says something of the same thing. */
export const PLACES = ['asked', 'tables', 'log', 'consumers', 'reports', 'mailbox'] as const;

export type Says = Partial<Record<(typeof PLACES)[number], number>>;

/** One comparison. */
export interface Row extends Says {
  what: string;
  agree: boolean;
  /** In words, with the name of what differs. */
  differences: string[];
}

/** They agree when all who say something say the same number, and nothing differs one by one. */
export function compared(what: string, says: Says, differences: string[] = []): Row {
  const told = PLACES.filter((place) => says[place] !== undefined);
  const same = new Set(told.map((place) => says[place])).size < 2;
  const numbers = `${what}: ${told.map((place) => `${place} ${says[place]}`).join(', ')}`;
  const all = same ? differences : [numbers, ...differences];
  return { what, ...says, agree: all.length === 0, differences: all };
}

/** What is said of the same thing in two places, where it is not the same. */
export function unlike(subject: string, asked: object, told: object | undefined, place: string): string[] {
  if (!told) return [`${subject}: ${place} has none`];
  return Object.entries(asked).flatMap(([field, value]) => {
    const other = (told as Record<string, unknown>)[field];
    const [left, right] = [JSON.stringify(value), JSON.stringify(other)];
    return left === right ? [] : [`${subject}: ${field} was asked to be ${left}, ${place} has ${right ?? 'none'}`];
  });
}
