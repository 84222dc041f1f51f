import { migrateMain } from '@postern/platform';
import { migrations } from './store/migrations/index.js';

await migrateMain({ schema: 'delivery', migrations });
