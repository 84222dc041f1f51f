import { Injectable } from '@nestjs/common';
import { type CommandContext, ReadLog } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { framesOf } from './frame.js';

/** One slice, so that a reader that takes nothing costs no more than about this. A larger event comes alone. */
const SLICE_MAX_BYTES = 256 * 1024;
const SLICE_MAX_EVENTS = 200;

/** What of the log comes after a position, ready to be sent. */
export interface LogSlice {
  /** Shared by all readers at the same position: not to be changed. Empty when nothing matches. */
  frames: Buffer;
  /** The position after it. */
  through: number;
  hasMore: boolean;
}

/** What a reader may and wants to see. */
export interface LogView {
  context: CommandContext;
  /** Separated by commas, as in the query; undefined is all. */
  types: string | undefined;
}

/** Reads the log for streams. Readers that want the same at the same time share one question and one buffer. */
@Injectable()
export class LogReader {
  private readonly running = new Map<string, Promise<LogSlice>>();

  constructor(private readonly commands: CommandClient) {}

  /** @throws AppError 410 when the position is before what is kept, 422 for unknown types, 503 when the owner is away. */
  read(view: LogView, after: number): Promise<LogSlice> {
    const { organizationId, mode, inboxIds } = view.context;
    const key = JSON.stringify([organizationId, mode, inboxIds, view.types, after]);
    const running = this.running.get(key);
    if (running !== undefined) return running;
    const reading = this.ask(view, after).finally(() => this.running.delete(key));
    this.running.set(key, reading);
    return reading;
  }

  private async ask({ context, types }: LogView, after: number): Promise<LogSlice> {
    const { value } = await this.commands.ask(ReadLog, context, {
      after,
      ...(types !== undefined && { types }),
      limit: SLICE_MAX_EVENTS,
      maxBytes: SLICE_MAX_BYTES,
    });
    return { frames: framesOf(value.events), through: value.through, hasMore: value.hasMore };
  }
}
