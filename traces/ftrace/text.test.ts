/** Reading tracepoint text in the forms that recorders write. */
import test from 'ava';
import type { KernelEvent, KernelNote } from '../../model/contract/kernel-event.js';
import { MapFlag, MapType } from '../../model/contract/mapping.js';
import { KernelTextParser } from './text.js';

const read = (text: string, chunk = text.length): { events: KernelEvent[]; notes: KernelNote[] } => {
  const events: KernelEvent[] = [];
  const notes: KernelNote[] = [];
  const parser = new KernelTextParser({ event: e => events.push(e), note: n => notes.push(n) });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunk) parser.push(bytes.subarray(at, at + chunk));
  parser.end();
  return { events, notes };
};

const FIELDS =
  'dev 7:4 ino 0x83 bdev 7:4 addr 0xffffffffffffffff offset 0x20000 length 0x7ffffffffffe0000 type HOLE (0x0) flags DIRTY (0x2)';
const HEADS = [
  '          xfs_io-28468   [001] .....  1506.695120: iomap_iter_dstmap: ',
  '          xfs_io-28468   [001] d..1.  1506.695120: iomap_iter_dstmap: ',
  '          xfs_io-28468   ( 28468) [001] ....  1506.695120: iomap_iter_dstmap: ',
  '          xfs_io-28468 [001]  1506.695120: iomap_iter_dstmap:    ',
  '          xfs_io-28468 [001]  1506.695120: iomap:iomap_iter_dstmap: ',
  'xfs_io 28468 [001]  1506.695120: iomap:iomap_iter_dstmap: ',
];

for (const head of HEADS) {
  test(`a line that starts with ${head.trim()} is read`, t => {
    const { events, notes } = read(`${head}${FIELDS}\n`);
    t.deepEqual(notes, []);
    const [event] = events;
    if (event?.kind !== 'dstmap') return t.fail();
    t.deepEqual([event.comm, event.task, event.cpu, event.time], ['xfs_io', 28468, 1, 1506.69512]);
    t.deepEqual([event.addr, event.offset, event.length], [-1, 0x20000, Number.POSITIVE_INFINITY]);
    t.deepEqual([event.type, event.flags, event.named], [MapType.HOLE, MapFlag.DIRTY, true]);
  });
}

test('task names may hold spaces, dashes and brackets', t => {
  const { events } = read('  a [0] -b-12-28468   [001] .....  1.5: tracing_mark_write: step 1\n');
  t.deepEqual([events[0]?.comm, events[0]?.task], ['a [0] -b-12', 28468]);
});

test('text may arrive in pieces of any size', t => {
  const text = `# tracer: nop\n${HEADS[0]}${FIELDS}\n${HEADS[3]}${FIELDS}`;
  const at = read(text).events;
  for (const size of [1, 2, 3, 7, 64]) t.deepEqual(read(text, size).events, at);
});

test('markers of lost events are notes with their CPU and count', t => {
  const text = 'CPU:1 [LOST 123 EVENTS]\nCPU:0 [12 EVENTS DROPPED]\nCPU:1 [EVENTS DROPPED]\ncpus=2\nCPU 1 is empty\n';
  t.deepEqual(
    read(text).notes.map(note => note.kind === 'lost' && [note.cpu, note.count]),
    [
      [1, 123],
      [0, 12],
      [1, -1],
    ],
  );
});

test('a line cut anywhere in its fields is a note, never an event with other values', t => {
  const line = `${HEADS[0]}${FIELDS}`;
  const start = HEADS[0]!.length;
  for (let end = start + 1; end < line.length; end++) {
    const { events, notes } = read(line.slice(0, end));
    t.is(events.length, 0, line.slice(0, end));
    t.is(notes.length, 1);
  }
});

test('events that were not kept are told from the header', t => {
  t.deepEqual(read('# entries-in-buffer/entries-written: 10/15   #P:2\n').notes, [
    { kind: 'overwritten', line: 1, count: 5 },
  ]);
  t.deepEqual(read('# entries-in-buffer/entries-written: 15/15   #P:2\n').notes, [{ kind: 'snapshot', line: 1 }]);
});

test('ext4 prints decimal inodes and devices with a comma, the page cache hexadecimal inodes without prefix', t => {
  const { events } = read(
    'x-1 [000] ..... 1.0: ext4_ext_map_blocks_exit: dev 7,4 ino 12 flags CREATE lblk 64 pblk 5734 len 4 mflags NM ret 4\n' +
      'x-1 [000] ..... 1.0: mm_filemap_add_to_page_cache: dev 7:4 ino c pfn=0x547700 ofs=8192 order=1\n',
  );
  t.deepEqual(
    events.map(event => [event.dev, event.ino]),
    [
      ['7:4', 12],
      ['7:4', 12],
    ],
  );
});
