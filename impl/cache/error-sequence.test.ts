import test from 'ava';
import { EIO, ENOSPC } from '../../model/contract/index.js';
import { ErrorCursor, ErrorSequence } from './error-sequence.js';

test('every descriptor reports each error event once, the last errno of several (WB-78)', t => {
  const errors = new ErrorSequence();
  const fd1 = new ErrorCursor(errors);
  errors.record(EIO);
  const fd2 = new ErrorCursor(errors);
  t.is(errors.report(fd1), EIO);
  t.is(errors.report(fd2), EIO);
  const fd3 = new ErrorCursor(errors);
  t.is(errors.report(fd3), 0);
  errors.record(ENOSPC);
  errors.record(EIO);
  for (const fd of [fd1, fd2, fd3]) {
    t.is(errors.report(fd), EIO);
    t.is(errors.report(fd), 0);
  }
});

test('internal callers clear their own flags and consume no descriptor (WB-74)', t => {
  const errors = new ErrorSequence();
  const fd = new ErrorCursor(errors);
  errors.record(ENOSPC);
  t.is(errors.testAndClear(), ENOSPC);
  t.is(errors.testAndClear(), 0);
  t.is(errors.report(fd), ENOSPC);
});

test('a direct write that could not drop a folio is told to descriptors only (DIO-52)', t => {
  const errors = new ErrorSequence();
  const fd = new ErrorCursor(errors);
  errors.recordEvent(EIO);
  t.is(errors.testAndClear(), 0);
  t.is(errors.report(fd), EIO);
});
