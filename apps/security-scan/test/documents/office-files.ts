import { zipOf, type ZipOptions } from './zip-file.js';

/** The smallest files that the formats of office programs allow, with the parts that hold text. */
const TYPES = { '[Content_Types].xml': '<Types/>' };

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

/** @param body  WordprocessingML; a doctype may stand before. */
export const wordFile = (body: string, { doctype = '', ...options }: ZipOptions & { doctype?: string } = {}): Buffer =>
  zipOf(
    {
      ...TYPES,
      'word/document.xml': `<?xml version="1.0"?>${doctype}<w:document ${W}><w:body>${body}</w:body></w:document>`,
    },
    options,
  );

export const wordOf = (...paragraphs: string[]): Buffer =>
  wordFile(paragraphs.map((text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`).join(''));

export const workbookOf = (shared: string, sheet: string): Buffer =>
  zipOf({
    ...TYPES,
    'xl/workbook.xml': '<workbook><sheets><sheet name="Prices" sheetId="1"/></sheets></workbook>',
    'xl/sharedStrings.xml': `<sst>${shared}</sst>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
  });

export const slidesOf = (...slides: string[]): Buffer =>
  zipOf({
    ...TYPES,
    'ppt/presentation.xml': '<p:presentation/>',
    'ppt/notesSlides/notesSlide1.xml': '<p:notes><a:p><a:r><a:t>Note</a:t></a:r></a:p></p:notes>',
    ...Object.fromEntries(
      slides.map((text, index) => [
        `ppt/slides/slide${index + 1}.xml`,
        `<p:sld><p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sld>`,
      ]),
    ),
  });

export const openDocumentOf = (body: string, manifest = '<manifest:manifest/>'): Buffer =>
  zipOf({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'META-INF/manifest.xml': manifest,
    'content.xml': `<office:document-content><office:body><office:text>${body}</office:text></office:body></office:document-content>`,
  });
