import { Injectable } from '@nestjs/common';
import type { Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';

/** Characters of the private use area, which texts are rid of before. */
export const HIT_BEGINS = '\ue000';
export const HIT_ENDS = '\ue001';
export const PIECE_ENDS = '\ue002';

const OPTIONS = [
  `StartSel=${HIT_BEGINS}`,
  `StopSel=${HIT_ENDS}`,
  `FragmentDelimiter=${PIECE_ENDS}`,
  'MaxFragments=3',
  'MaxWords=24',
  'MinWords=8',
  'ShortWord=0',
].join(', ');

/** Of a long text, what is around the first hit is looked at. */
export const BEFORE_HIT_CHARS = 500;
export const PASSAGE_MAX_CHARS = 4_000;

/** A short text in which hits are to be marked. */
export interface Passage {
  text: string;
  /** Show all of it, not pieces. */
  whole: boolean;
}

@Injectable()
export class HighlightStore {
  /**
   * Of the texts of attachments, the parts in which the first of some words stands.
   * @param lexemes  base forms, with which most forms of a word begin.
   */
  async attachmentPassages(
    tx: Tx,
    tenant: Tenant,
    messageIds: readonly string[],
    lexemes: readonly string[],
  ): Promise<Map<string, string[]>> {
    const rows = await tx.query<{ message_id: string; passages: string[] }>(
      `SELECT t.message_id, array_agg(substr(t.text, greatest(1, hit.place - ${BEFORE_HIT_CHARS}), ${PASSAGE_MAX_CHARS}) ORDER BY t.place) AS passages
         FROM attachment_texts t CROSS JOIN LATERAL (
           SELECT min(nullif(strpos(lower(t.text), lexeme), 0)) AS place FROM unnest($4::text[]) AS l(lexeme)) hit
        WHERE t.organization_id = $1 AND t.mode = $2 AND t.message_id = ANY($3) AND hit.place IS NOT NULL
        GROUP BY t.message_id`,
      [tenant.organizationId, tenant.mode, messageIds, lexemes],
    );
    return new Map(rows.map(({ message_id, passages }) => [message_id, passages]));
  }

  /** @param query  a tsquery. @returns the pieces of each passage, hits between {@link HIT_BEGINS} and {@link HIT_ENDS}. */
  async mark(tx: Tx, passages: readonly Passage[], query: string, language: string): Promise<string[][]> {
    const rows = await tx.query<{ marked: string }>(
      `SELECT CASE WHEN p.whole THEN ts_headline($3::regconfig, p.text, $4::tsquery, $5 || ', HighlightAll=true')
                   ELSE ts_headline($3::regconfig, p.text, $4::tsquery, $5) END AS marked
         FROM unnest($1::text[], $2::boolean[]) WITH ORDINALITY AS p(text, whole, place) ORDER BY p.place`,
      [passages.map(({ text }) => text), passages.map(({ whole }) => whole), language, query, OPTIONS],
    );
    return rows.map(({ marked }) => marked.split(PIECE_ENDS).filter((piece) => piece.includes(HIT_BEGINS)));
  }
}
