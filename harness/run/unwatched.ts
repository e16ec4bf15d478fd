/** A watcher that sees nothing: for runs whose calls only the model judges, because the always-on checks are not asked. */
import { silence } from '../../model/contract/index.js';
import type { Watcher } from './engine.js';

export const unwatched: Watcher = { ...silence, called() {}, returned: () => null, quiescent: () => null };
