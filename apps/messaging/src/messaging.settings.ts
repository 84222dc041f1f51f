import { eventingSettings } from '@postern/eventing';
import { baseSettings, defineSettings } from '@postern/platform';

export const messagingSettings = defineSettings({ ...baseSettings, ...eventingSettings });
