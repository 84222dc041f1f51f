import { describe, expect, it } from '@jest/globals';
import { ROUTES } from '@postern/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { openApiDocument } from './document.js';

interface Operation {
  operationId: string;
  summary: string;
  security: object[];
  parameters?: { name?: string; in?: string; schema?: object }[];
  requestBody?: { content: Record<string, { schema: object; example?: unknown }> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: Record<string, Record<string, object>>;
}

const document = openApiDocument() as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
);

/** Compiles a schema as a reader of the document would, its references resolved inside the document. */
const ajv = new Ajv2020({ strict: false, validateFormats: false }).addSchema(document, 'openapi.json');
const compile = (schema: object) =>
  ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi.json#/')) as object);

describe('the OpenAPI document', () => {
  it('has every declared route, and the same text every time', () => {
    expect(operations.map(([name]) => name).sort()).toEqual(
      ROUTES.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    expect(JSON.stringify(openApiDocument())).toBe(JSON.stringify(document));
  });

  it('refers only to what it holds', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"(#[^"]*)"/g)].map(
      ([, pointer]) => pointer ?? '',
    );
    expect(references.length).toBeGreaterThan(100);
    for (const pointer of new Set(references)) {
      const target = pointer
        .slice(2)
        .split('/')
        .reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], document);
      expect([pointer, typeof target]).toEqual([pointer, 'object']);
    }
  });

  describe.each(operations)('%s', (_name, operation) => {
    it('says what it does, who may, and how it fails', () => {
      expect(operation.summary).toMatch(/^[A-Z].*[^.]$/);
      expect(operation.security.length).toBeGreaterThan(0);
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['400', '401', '403', '422', '429', '503']),
      );
    });

    it('names every parameter of its path', () => {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      const [, path] = _name.split(' ');
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path?.match(/\{\w+\}/g) ?? []);
    });

    it('has schemas that compile, and an example that fits', () => {
      for (const { schema } of operation.parameters ?? []) if (schema) compile(schema);
      for (const { content } of Object.values(operation.responses)) {
        for (const { schema } of Object.values(content ?? {})) compile(schema);
      }
      const body = operation.requestBody?.content['application/json'];
      if (body === undefined) return;
      expect(body.example).toBeDefined();
      const fits = compile(body.schema);
      expect([fits(body.example), fits.errors]).toEqual([true, null]);
    });
  });
});
