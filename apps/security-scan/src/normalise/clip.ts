import { CHANNEL_MAX_CHARS } from './scanned-mail.js';

/** Remembers which channels were cut. */
export class Clip {
  private readonly names = new Set<string>();

  /** The text, at most {@link CHANNEL_MAX_CHARS} long. */
  text(channel: string, text: string): string {
    if (text.length <= CHANNEL_MAX_CHARS) return text;
    this.note(channel);
    return text.slice(0, CHANNEL_MAX_CHARS);
  }

  note(channel: string): void {
    this.names.add(channel);
  }

  get channels(): string[] {
    return [...this.names];
  }
}
