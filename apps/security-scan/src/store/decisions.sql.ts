/** What people said on the approval `a`, oldest first: a column for `SELECT` and `RETURNING`. */
export const DECISIONS = `coalesce((
  SELECT json_agg(json_build_object('key_id', d.decided_by, 'decision', d.decision, 'note', d.note, 'version', d.version,
                                    'decided_at', d.decided_at) ORDER BY d.decided_at, d.decided_by)
    FROM approval_decisions d
   WHERE d.organization_id = a.organization_id AND d.mode = a.mode AND d.approval_id = a.id), '[]') AS decisions`;
