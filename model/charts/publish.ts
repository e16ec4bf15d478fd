/** Writes `docs/charts.md` anew: `node dist/model/charts/publish.js` after a change of a chart. */
import { writeFileSync } from 'node:fs';
import { chartsPage } from './draw.js';

writeFileSync(new URL('../../../docs/charts.md', import.meta.url), chartsPage());
