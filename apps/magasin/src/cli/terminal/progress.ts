import { clip } from './text';

const BAR = 20;

/** One line on a terminal that tells how far something is, and goes when it is done. Nothing anywhere else. */
export class Progress {
  private readonly stream?: NodeJS.WriteStream;

  constructor(stream?: NodeJS.WriteStream) {
    if (stream?.isTTY) this.stream = stream;
  }

  show(text: string): void {
    this.stream?.write(`\r${clip(text, (this.stream.columns || 80) - 1)}\u001B[K`);
  }

  bar(done: number, total: number, text: string): void {
    const full = total > 0 ? Math.min(BAR, Math.floor((done / total) * BAR)) : 0;
    this.show(`[${'#'.repeat(full)}${'-'.repeat(BAR - full)}] ${text}`);
  }

  end(): void {
    this.stream?.write('\r\u001B[K');
  }
}
