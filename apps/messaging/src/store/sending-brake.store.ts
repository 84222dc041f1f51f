import { Injectable } from '@nestjs/common';
import type { ReputationCause, Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';

export interface SendingBrake extends Tenant {
  scope: 'domain' | 'organization';
  /** Name of the domain; empty for the organization. */
  subject: string;
  version: number;
  /** Null when it was lifted. */
  cause: ReputationCause | null;
}

/** The projection of delivery's brakes on organizations and domains. Facts may come in any order: the version tells which is younger. */
@Injectable()
export class SendingBrakeStore {
  async note(tx: Tx, { organizationId, mode, scope, subject, version, cause }: SendingBrake): Promise<void> {
    await tx.query(
      `INSERT INTO sending_brakes AS b (organization_id, mode, scope, subject, version, cause) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (organization_id, mode, scope, subject) DO UPDATE SET version = $5, cause = $6 WHERE b.version < $5`,
      [organizationId, mode, scope, subject, version, cause],
    );
  }
}
