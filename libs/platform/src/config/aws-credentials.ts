import { z } from 'zod';
import { SettingsError } from './load-settings.js';
import { defineSettings, setting, type SettingValues } from './setting.js';

/** What AWS calls are signed with, for services that make any. */
export const awsCredentialSettings = defineSettings({
  AWS_ACCESS_KEY_ID: setting(z.string().optional(), {
    description: "With AWS_SECRET_ACCESS_KEY. Without both, the AWS SDK's default chain looks for credentials.",
    example: 'AKIA…',
    secret: true,
  }),
  AWS_SECRET_ACCESS_KEY: setting(z.string().optional(), {
    description: 'Belongs to AWS_ACCESS_KEY_ID.',
    example: '…',
    secret: true,
  }),
  AWS_SESSION_TOKEN: setting(z.string().optional(), {
    description: 'Belongs to AWS_ACCESS_KEY_ID when the credentials are temporary.',
    example: '…',
    secret: true,
  }),
});

/**
 * The part of an SDK client's configuration that the settings decide: nothing where the SDK looks by itself.
 * @throws SettingsError when only one of key and secret is set.
 */
export function awsCredentials(config: Partial<SettingValues<typeof awsCredentialSettings>>): {
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
} {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = config;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new SettingsError(['AWS_ACCESS_KEY_ID: set it together with AWS_SECRET_ACCESS_KEY, or neither']);
  }
  if (accessKeyId === undefined || secretAccessKey === undefined) return {};
  const temporary = AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN };
  return { credentials: { accessKeyId, secretAccessKey, ...temporary } };
}
