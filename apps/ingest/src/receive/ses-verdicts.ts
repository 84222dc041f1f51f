import type { Authentication, ProviderScan } from '@postern/contracts';
import type { SesReceivedRecord } from '../feedback/ses-record.js';

/** SES's verdicts in the words of RFC 8601 §2.7; GRAY is "cannot be decided". */
const RESULT_BY_STATUS: Readonly<Record<string, string>> = {
  PASS: 'pass',
  FAIL: 'fail',
  GRAY: 'none',
  PROCESSING_FAILED: 'temperror',
};

type SesVerdict = SesReceivedRecord['receipt']['spfVerdict'];

const result = (verdict: SesVerdict): string => RESULT_BY_STATUS[verdict?.status ?? ''] ?? 'none';

/** What SES's scan for malware and spam said, which a receipt rule switches on. */
export const readSesScan = ({ virusVerdict, spamVerdict }: SesReceivedRecord['receipt']): ProviderScan => ({
  virus: result(virusVerdict),
  spam: result(spamVerdict),
});

/** What SES found when it received a mail. SES tells nothing of ARC; DMARC passes only for an aligned domain. */
export function readSesAuthentication(receipt: SesReceivedRecord['receipt']): Authentication {
  const dmarc = result(receipt.dmarcVerdict);
  return {
    spf: result(receipt.spfVerdict),
    dkim: result(receipt.dkimVerdict),
    dmarc,
    arc: 'none',
    aligned: dmarc === 'pass',
  };
}
