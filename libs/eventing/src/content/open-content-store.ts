import { awsCredentials, type awsCredentialSettings, type SettingValues } from '@postern/platform';
import type { ContentStore } from './content-store.js';
import { FileContentStore } from './file-content-store.js';
import { readS3Location } from './s3-location.js';

export interface ContentStoreConfig extends Partial<SettingValues<typeof awsCredentialSettings>> {
  /** `file:///directory`, or `s3://bucket/prefix?region=…&endpoint=…`. */
  readonly CONTENT_STORE_URL: string;
}

/**
 * The content store that the settings name.
 * @throws SettingsError, or what the bucket refuses: without a bucket that has versions no service starts.
 */
export async function openContentStore(config: ContentStoreConfig): Promise<ContentStore> {
  const url = new URL(config.CONTENT_STORE_URL);
  if (url.protocol === 'file:') return new FileContentStore(decodeURIComponent(url.pathname));
  const location = readS3Location(url);
  // The SDK takes memory and time to load: only who uses it pays.
  const { openS3ContentStore } = await import('./open-s3-content-store.js');
  return openS3ContentStore(location, awsCredentials(config));
}
