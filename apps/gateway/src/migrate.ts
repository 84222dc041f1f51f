import { migrateMain } from '@postern/platform';
import { migrations, SCHEMA } from './store/migrations/index.js';

await migrateMain({ schema: SCHEMA, migrations });
