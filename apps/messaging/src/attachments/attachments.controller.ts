import { Controller } from '@nestjs/common';
import {
  GetAttachment,
  RecordUpload as RecordUploadCommand,
  type CommandContext,
  type CommandInput,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { FindAttachments } from './find-attachments.js';
import { RecordUpload } from './record-upload.js';

@Controller()
export class AttachmentsController {
  constructor(
    private readonly recordUpload: RecordUpload,
    private readonly finder: FindAttachments,
  ) {}

  @Answers(RecordUploadCommand)
  record(context: CommandContext, input: CommandInput<typeof RecordUploadCommand>) {
    return this.recordUpload.run(context, input);
  }

  @Answers(GetAttachment)
  get(context: CommandContext, { id, readWithheld }: CommandInput<typeof GetAttachment>) {
    return this.finder.get(context, id, readWithheld);
  }
}
