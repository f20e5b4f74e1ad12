import { hash } from 'node:crypto';
import type { Values } from './side';

/** What a table holds, whatever the order: how many rows, and the sum of their hashes. */
export class Checksum {
  rows = 0;
  private sum = 0n;

  add(rows: Values[]): void {
    this.rows += rows.length;
    for (const row of rows) {
      const text = JSON.stringify(
        row.map((value) => (Buffer.isBuffer(value) ? { hex: value.toString('hex') } : value)),
      );
      this.sum = BigInt.asUintN(64, this.sum + hash('sha256', text, 'buffer').readBigUInt64BE());
    }
  }

  get text(): string {
    return this.sum.toString(16).padStart(16, '0');
  }
}
