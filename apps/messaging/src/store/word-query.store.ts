import { Injectable } from '@nestjs/common';
import type { Tx } from '@postern/platform';
import type { SearchTerm } from '../search/parse-search.js';

/** A search as PostgreSQL understands it. */
export interface WordQuery {
  /** A tsquery of what must be there and, beside that, what must not; null when only the latter was asked for. */
  wanted: string | null;
  /** A tsquery of what must be there; null as above. */
  found: string | null;
  /** A tsquery of what must not be there, when that is all. */
  unwanted: string | null;
  /** A tsquery of everything that is worth showing. */
  shown: string | null;
  /** Base forms of the words that are worth showing. */
  lexemes: string[];
}

/** A search that takes longer has met words that are frequent and nearly never together; the caller hears 503. */
const STATEMENT_TIMEOUT_MS = 1_500;

interface CompiledTerm {
  query: string;
  /** Also finds other forms of the words of a phrase: it is marked as the language sees it. */
  shown: string;
  lexemes: string[];
  isNegated: boolean;
}

/** Turns words into what PostgreSQL looks for. */
@Injectable()
export class WordQueryStore {
  /**
   * Prepares the transaction for searches, and the words. Without the settings, a planner that has no statistics yet
   * (or old ones) may choose to read everything.
   * @returns null without terms, or when PostgreSQL sees no word in them.
   */
  async begin(tx: Tx, terms: readonly SearchTerm[], language: string): Promise<WordQuery | null> {
    const rows = await tx.query<CompiledTerm>(
      `SELECT set_config('enable_seqscan', 'off', true), set_config('max_parallel_workers_per_gather', '0', true),
              set_config('statement_timeout', $5, true), t.query::text AS query,
              t.shown::text AS shown, t.lexemes, t."isNegated"
         FROM (VALUES (1)) AS one
         LEFT JOIN LATERAL (
           SELECT "isNegated", place,
                  CASE WHEN phrase THEN phraseto_tsquery('simple', word)
                       ELSE phraseto_tsquery('simple', word) || phraseto_tsquery($4::regconfig, word) END AS query,
                  phraseto_tsquery('simple', word) || phraseto_tsquery($4::regconfig, word) AS shown,
                  tsvector_to_array(to_tsvector('simple', word) || to_tsvector($4::regconfig, word)) AS lexemes
             FROM unnest($1::text[], $2::boolean[], $3::boolean[]) WITH ORDINALITY AS t(word, phrase, "isNegated", place)) t
           ON t.query::text <> ''
        ORDER BY t.place`,
      [
        terms.map(({ text }) => text),
        terms.map(({ isPhrase }) => isPhrase),
        terms.map(({ isNegated }) => isNegated),
        language,
        STATEMENT_TIMEOUT_MS,
      ],
    );
    const compiled = rows.filter(({ query }) => query !== null);
    return compiled.length === 0 ? null : combined(compiled);
  }
}

function combined(terms: readonly CompiledTerm[]): WordQuery {
  const found = terms.filter(({ isNegated }) => !isNegated);
  const unwanted = terms.filter(({ isNegated }) => isNegated).map(({ query }) => `(${query})`);
  const all = found.map(({ query }) => `(${query})`);
  const must = all.length === 0 ? null : all.join(' & ');
  const mustNot = unwanted.length === 0 ? null : unwanted.join(' | ');
  return {
    wanted: must === null ? null : mustNot === null ? must : `${must} & !(${mustNot})`,
    found: must,
    unwanted: must === null ? mustNot : null,
    shown: found.length === 0 ? null : found.map(({ shown }) => `(${shown})`).join(' | '),
    lexemes: [...new Set(found.flatMap(({ lexemes }) => lexemes))],
  };
}
