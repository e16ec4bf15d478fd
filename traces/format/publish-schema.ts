/** Writes `traces/schema/trace.schema.json` anew: `node dist/traces/format/publish-schema.js` after a change of the format. */
import { writeFileSync } from 'node:fs';
import { publishedSchema } from './schema.js';

const path = new URL('../../../traces/schema/trace.schema.json', import.meta.url);
writeFileSync(path, `${JSON.stringify(publishedSchema(), null, 2)}\n`);
