import test from 'ava';
import { inv74 } from './inv-74.js';
import { Rig } from './testing/rig.js';

test('references and bios left when all is quiet are caught', t => {
  const rig = new Rig(inv74);
  const folio = rig.file.cache(0, 4, 5);
  t.is(rig.look(), null);
  folio.extraReferences = 1;
  rig.quiet = false;
  rig.file.version++;
  t.is(rig.look(), null);
  rig.quiet = true;
  t.regex(rig.look()!.message, /1 references that nobody holds/);
  folio.extraReferences = 0;
  rig.file.version++;
  rig.write(0, 48, new Uint8Array(16), null);
  t.regex(rig.look()!.message, /a bio is in flight/);
});
