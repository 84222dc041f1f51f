import { Controller, Inject, Req, Res } from '@nestjs/common';
import {
  type AttachmentDetails,
  GetAttachment,
  GetAttachmentContentRoute,
  GetAttachmentRoute,
  type RouteInput,
  UploadAttachmentRoute,
} from '@postern/contracts';
import { CommandClient, CONTENT_STORE, type ContentStore } from '@postern/eventing';
import { internal, type StreamedBody, streamedBodyOf, validationError } from '@postern/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, fresh } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { asDownload, downloadHeaders } from './download-headers.js';
import { fileTooLarge, type GivenFile, octetsOf, UPLOAD_BODY_MAX_BYTES } from './given-file.js';
import { readForm } from './read-form.js';
import { SignedLinks } from './signed-links.js';
import { UploadAttachment } from './upload-attachment.js';

const FORM = /^multipart\/form-data\b/i;
const FOUND = 302;

@Controller()
export class AttachmentsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly uploadAttachment: UploadAttachment,
    private readonly links: SignedLinks,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  @Route(UploadAttachmentRoute)
  async upload(
    @Asks() { context }: Caller,
    @Input() { query }: RouteInput<typeof UploadAttachmentRoute>,
    @Req() request: FastifyRequest,
  ): Promise<Answer<AttachmentDetails>> {
    const body = streamedBodyOf(request);
    if (body === undefined) throw internal(new Error('an upload without a body'));
    if ((body.sizeBytes ?? 0) > UPLOAD_BODY_MAX_BYTES) throw fileTooLarge();
    const stored = FORM.test(body.contentType ?? '')
      ? await readForm(body, (file) => this.uploadAttachment.store(context, file))
      : await this.uploadAttachment.store(context, rawFile(body, query));
    return this.uploadAttachment.record(context, stored);
  }

  @Route(GetAttachmentRoute)
  get(@Asks() { context, readsWithheld }: Caller, @Input() { params }: RouteInput<typeof GetAttachmentRoute>) {
    return this.commands.ask(GetAttachment, context, { id: params.id, readWithheld: readsWithheld });
  }

  /** A key gets a link; a link gets the octets. Who may have the link was decided when it was signed. */
  @Route(GetAttachmentContentRoute)
  async getContent(
    @Asks() { context, readsWithheld }: Caller,
    @Input() { params: { id }, query }: RouteInput<typeof GetAttachmentContentRoute>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<AsyncIterable<Uint8Array> | null>> {
    const isLinked = query.token !== undefined;
    const { value } = await this.commands.ask(GetAttachment, context, { id, readWithheld: isLinked || readsWithheld });
    if (!isLinked) {
      const location = `/v1/attachments/${id}/content?token=${this.links.tokenFor(id, context)}`;
      void reply
        .status(FOUND)
        .removeHeader('content-type')
        .headers({ ...asDownload(value), location });
      return fresh(null);
    }
    const opened = await this.content.open(context.organizationId, value.sha256);
    if (opened === null) throw internal(new Error(`the content of ${id} is not in the store`));
    void reply.headers(downloadHeaders(value));
    return fresh(opened.stream);
  }
}

/** @throws AppError `validation_error` when nothing names the file. */
function rawFile(
  { payload, contentType }: StreamedBody,
  { filename }: RouteInput<typeof UploadAttachmentRoute>['query'],
): GivenFile {
  if (filename !== undefined) return { filename, contentType, content: octetsOf(payload) };
  throw validationError([
    { path: 'filename', message: 'must be given in the query, or the file as part file of multipart/form-data' },
  ]);
}
