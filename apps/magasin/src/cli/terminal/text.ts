// What others wrote (names, error texts, payloads) must not move the cursor, forge a line, or turn the reading direction.
const HARMFUL = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** One line that shows control characters instead of obeying them. */
export const oneLine = (text: string): string =>
  text.replaceAll(HARMFUL, (one) =>
    one === '\n' ? '\\n' : one === '\t' ? ' ' : `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The first line of an error: the rest is where in the code it was thrown. */
export const firstLine = (text: string): string => oneLine(text.split('\n', 1)[0]);

/** What each of these errors says; one that says what the one before it said is told in two words. */
export const errorsInWords = (errors: string[]): string[] =>
  errors.map(firstLine).map((error, index, all) => (error === all[index - 1] ? 'the same' : error));

export const lines = (text: string): string[] => text.split('\n').map(oneLine);

/** As a shell takes it for one word. */
export const quoted = (word: string): string =>
  /^[\w.,:/@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

const graphemes = new Intl.Segmenter();
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|(?![\uFF61-\uFFDC])[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6])/u;
const INVISIBLE = /^[\p{M}\p{Cf}]+$/u;

const columnsOf = (grapheme: string): number => (WIDE.test(grapheme) ? 2 : INVISIBLE.test(grapheme) ? 0 : 1);

/** How many columns of a terminal it takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += columnsOf(segment);
  return width;
}

/** At most so many columns; where something is cut off, it shows. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let left = width - 1;
  for (const { segment } of graphemes.segment(text)) {
    left -= columnsOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return width > 0 ? `${kept}…` : '';
}
