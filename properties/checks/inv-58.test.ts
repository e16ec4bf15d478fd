import test from 'ava';
import { EIO, IterStep, MapType, OpFlag } from '../../model/contract/index.js';
import { inv58 } from './inv-58.js';
import { Rig, record } from './testing/rig.js';

test('a body that runs on a mapping that breaks the rules is caught', t => {
  const rig = new Rig(inv58);
  const found = rig.call('write', {}, () => {
    rig.iteration(OpFlag.WRITE, 40, 8).begin(record(MapType.MAPPED, 0, 16, 0));
  });
  t.regex(found!.message, /ran its body/);
});

test('a store on its behalf, and success, are caught', t => {
  const refuse = (then: (rig: Rig) => void, error: number): string | undefined => {
    const rig = new Rig(inv58);
    return rig.call('write', {}, () => {
      const it = rig.iteration(OpFlag.WRITE, 0, 16).tell(IterStep.beginning);
      it.tell(IterStep.begun);
      then(rig);
      it.end(0).finish(error);
    })?.id;
  };
  t.is(
    refuse(() => {}, EIO),
    undefined,
  );
  t.is(
    refuse(() => {}, 0),
    'INV-58',
  );
  t.is(
    refuse(rig => rig.emit('dirty', 0, 16), EIO),
    'INV-58',
  );
});
