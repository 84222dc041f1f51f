import type { DataDir } from '../data-dir/data-dir.js';
import { secret } from '../data-dir/secrets.js';

/** The role of a service: each owns its schema and reads nobody else's. */
export function roleOf(service: string): string {
  return `postern_${service.replaceAll('-', '_')}`;
}

/** The administrator's URL with the role and password of a service; host, database and parameters stay. */
export function serviceDatabaseUrl(adminUrl: string, service: string, dataDir: DataDir): string {
  const url = new URL(adminUrl);
  url.username = roleOf(service);
  url.password = secret(dataDir, roleOf(service));
  return url.href;
}
