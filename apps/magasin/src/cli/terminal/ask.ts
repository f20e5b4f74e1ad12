import { createInterface } from 'node:readline/promises';

export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/** A line from the person. The end of the input is an empty one. */
export async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  for await (const line of createInterface({ input: process.stdin })) return line.trim();
  process.stderr.write('\n');
  return '';
}
