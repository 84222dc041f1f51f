import { Controller, Get, Header } from '@nestjs/common';
import { openApiDocument } from './document.js';

/** The machine-readable description of the API, made from the same declarations that bind the routes. */
@Controller()
export class OpenApiController {
  private readonly document = JSON.stringify(openApiDocument());

  @Get('openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  get(): string {
    return this.document;
  }
}
