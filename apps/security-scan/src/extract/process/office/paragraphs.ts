import type { Handler } from 'htmlparser2';
import type { TextSink } from '../text-sink.js';
import { localName } from './xml-name.js';

/** Elements whose characters are text: of runs, of deleted runs (ECMA-376 part 1, §17.3.3.31, §17.3.3.7, §21.1.2.3.11). */
const TEXT = new Set(['t', 'delText']);
const BREAKS = new Set(['br', 'cr']);

/** Listens to WordprocessingML or DrawingML and writes its paragraphs. */
export function paragraphsTo(sink: TextSink): Partial<Handler> {
  let inText = false;
  return {
    onopentagname(tag) {
      const name = localName(tag);
      inText = TEXT.has(name);
      if (name === 'tab') sink.add('\t');
      if (BREAKS.has(name)) sink.add('\n');
    },
    ontext(text) {
      if (inText) sink.add(text);
    },
    onclosetag(tag) {
      inText = false;
      if (localName(tag) === 'p') sink.add('\n');
    },
  };
}
