import { AssertionError, deepStrictEqual } from 'node:assert';

/** A sentence was not true. Its message says the sentence, and what was there instead. */
export class ScenarioFailed extends Error {
  override name = 'ScenarioFailed';
}

/** What a scenario has said so far, for the message when it turns out untrue. */
export class Sentence {
  private readonly lines: string[] = [];

  say(word: 'given' | 'when' | 'then', what: string): void {
    const again = this.lines.some((line) => line.trimStart().startsWith(word));
    this.lines.push(`${(again ? 'and' : word).padStart(7)}  ${what}`);
  }

  fail(but: string): never {
    throw new ScenarioFailed(`This is not true:\n\n${[...this.lines, `${'but'.padStart(7)}  ${but}`].join('\n')}\n`);
  }

  /** Compares what both are in JSON. */
  mustEqual(actual: unknown, expected: unknown, but: string): void {
    try {
      deepStrictEqual(plain(actual), plain(expected));
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      // Its first line says that values differ; the rest shows where, line by line.
      this.fail(`${but}\n\n${error.message.split('\n').slice(1).join('\n').trim()}`);
    }
  }
}

export const plain = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
