import test from 'ava';
import { EFAULT, EIO, OpFlag } from '../../model/contract/index.js';
import { map67 } from './map-67.js';
import { Rig, record } from './testing/rig.js';

const mapped = record(2, 0, 64, 0);

/** A body that does `written` of the 64 bytes of its mapping, of a request of 96, and reports `status`; then all ends with `error`. */
function body(flags: number, written: number, status: number, error: number): string | undefined {
  const rig = new Rig(map67);
  const during = (): void => {
    const iteration = rig.iteration(flags, 0, 96).begin(mapped);
    iteration.status = status;
    iteration.end(written).finish(error);
  };
  return rig.call('write', {}, during)?.message;
}

test('a body with progress reports no errno', t => {
  for (const flags of [OpFlag.WRITE, OpFlag.WRITE | OpFlag.DIRECT, OpFlag.DIRECT]) {
    t.regex(body(flags, 16, EFAULT, EFAULT)!, /the body reported EFAULT after 16 bytes of the mapping at 0/);
    t.is(body(flags, 0, EFAULT, EFAULT), undefined);
  }
  t.is(body(OpFlag.ZERO, 16, EIO, EIO), undefined);
  t.is(body(OpFlag.WRITE | OpFlag.UNSHARE, 16, EIO, EIO), undefined);
});

test('an iteration goes on after progress', t => {
  t.regex(body(OpFlag.WRITE, 64, 0, 0)!, /ended at 64 with 32 bytes left/);
  t.regex(body(OpFlag.WRITE | OpFlag.DIRECT, 16, 0, 0)!, /ended at 16 with 80 bytes left/);
  t.is(body(OpFlag.WRITE, 0, 0, 0), undefined, 'without progress it ends (MAP-62)');
  t.is(body(OpFlag.DIRECT, 16, 0, 0), undefined, 'a read at the end of the file');
  t.is(body(OpFlag.WRITE, 16, 0, EIO), undefined, 'end failed');
});

test('what remains is asked for, and meets the cause again', t => {
  const rig = new Rig(map67);
  const during = (): void => {
    const iteration = rig.iteration(OpFlag.WRITE, 0, 96).begin(mapped).end(16).begin(mapped);
    iteration.status = EFAULT;
    iteration.end(0).finish(EFAULT);
  };
  t.is(rig.call('write', {}, during), null);
});
