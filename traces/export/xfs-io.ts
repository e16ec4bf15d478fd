/**
 * A trace as a shell script of xfs_io calls, to try on a real file system. Each operation is one line; what the recorded
 * answers were stands behind it as a comment. Directives and background work, which no command can place, are comments.
 * Tagged bytes become one constant byte a tag.
 */
import { type Call, CallFlag, type Data, errnoName, type FileId, operationShape } from '../../model/contract/index.js';
import type { RecordedAnswer, Trace, TraceHeader } from '../format/trace.js';
import { namesOf, writeLine } from '../format/writer.js';
import { plainPath, shellComment, shellWord } from './shell.js';

/** The commands of a call. Several are one xfs_io call, because a mapping lives as long as the process. */
type Commands = (call: Call, files: readonly string[]) => readonly string[];

const at = (call: Call): string => `${call.offset} ${call.length}`;
const whole = (call: Call): string => (call.length > 2 ** 52 ? '' : ` ${at(call)}`);
const keep = (call: Call): string => ((call.flags & CallFlag.KEEP_SIZE) !== 0 ? ' -k' : '');
const source = (call: Call, files: readonly string[]): string => fileWord(files, call.fromFile);
const mapped = (call: Call, command: string): readonly string[] => [`mmap -rw ${at(call)}`, command, 'munmap'];

const COMMANDS: Readonly<Partial<Record<Call['name'], Commands>>> = {
  read: call => [`pread ${at(call)}`],
  dread: call => [`pread ${at(call)}`],
  write: call => [`pwrite${writeFlags(call)} -S ${byteOf(call.data)} ${at(call)}`],
  dwrite: call => [`pwrite${writeFlags(call)} -S ${byteOf(call.data)} ${at(call)}`],
  mapread: call => mapped(call, `mread -v ${at(call)}`),
  mapwrite: call => [
    ...((call.flags & CallFlag.GROW) !== 0 ? [`truncate ${call.offset + call.length}`] : []),
    ...mapped(call, `mwrite -S ${byteOf(call.data)} ${at(call)}`),
    ...((call.flags & CallFlag.MSYNC) !== 0 ? ['fsync'] : []),
  ],
  truncate: call => [`truncate ${call.size}`],
  falloc: call => [`falloc${keep(call)} ${at(call)}`],
  punch: call => [`fpunch ${at(call)}`],
  zero: call => [`fzero${keep(call)} ${at(call)}`],
  collapse: call => [`fcollapse ${at(call)}`],
  insert: call => [`finsert ${at(call)}`],
  unshare: call => [`funshare ${at(call)}`],
  reflink: (call, files) => [`reflink ${source(call, files)} ${call.fromOffset} ${at(call)}`],
  dedupe: (call, files) => [`dedupe ${source(call, files)} ${call.fromOffset} ${at(call)}`],
  copy: (call, files) => [
    `copy_range -s ${call.fromOffset} -d ${call.offset} -l ${call.length} ${source(call, files)}`,
  ],
  fsync: () => ['fsync'],
  fdatasync: () => ['fdatasync'],
  msync: () => ['fsync'],
  // xfs_io takes only the last of -a, -b and -w.
  syncRange: call => [`sync_range -b ${at(call)}`, `sync_range -w ${at(call)}`, `sync_range -a ${at(call)}`],
  sync: () => ['sync'],
  seekData: call => [`seek -d ${call.offset}`],
  seekHole: call => [`seek -h ${call.offset}`],
  fiemap: call => [`fiemap -v${whole(call)}`],
  stat: () => ['stat'],
  dropCaches: call => [...((call.flags & CallFlag.FLUSH) !== 0 ? ['fsync'] : []), 'fadvise -d 0 0'],
  shutdown: call => [`shutdown${(call.flags & CallFlag.FLUSH) !== 0 ? ' -f' : ''}`],
  writeback: call => (call.length > 2 ** 52 ? ['sync_range -w 0 0'] : [`sync_range -w ${at(call)}`]),
  reclaim: () => ['fadvise -d 0 0'],
  readahead: call => (call.length > 2 ** 52 ? ['fadvise -w 0 0'] : [`fadvise -w ${at(call)}`]),
};

export function exportXfsIo(trace: Trace): string {
  const { header } = trace;
  const names = namesOf(header);
  const lines = [
    '#!/bin/sh',
    shellComment(
      `${header.origin ?? 'a trace of iomap-check'}, for ${header.fs} with blocks of ${header.geometry.blockSize} bytes.`,
    ),
    '# Run it in an empty directory of the file system under test.',
  ];
  for (const line of trace.lines) {
    if (line.kind === 'operation') lines.push(...commandLines(line.call, line.answer, header));
    else if (line.kind === 'seekMap')
      lines.push(
        `xfs_io -f -c 'seek -a -r 0' ${fileWord(header.files, line.file)}  ${shellComment(`#${line.id}${remark(line.answer)}`)}`,
      );
    else lines.push(shellComment(writeLine(line, names)));
  }
  return `${lines.join('\n')}\n`;
}

function commandLines(call: Call, answer: RecordedAnswer | null, header: TraceHeader): string[] {
  const commands = COMMANDS[call.name]?.(call, header.files);
  if (commands === undefined) return [shellComment(`${call.name} #${call.id}: ${operationShape(call.name).about}`)];
  const file = fileWord(header.files, call.file);
  const direct = call.name === 'dread' || call.name === 'dwrite' ? 'd' : '';
  const expert = call.name === 'shutdown' ? ' -x' : '';
  const list = commands.map(command => ` -c ${shellWord(command)}`).join('');
  return [`xfs_io${expert} -f${direct}${list} ${file}  ${shellComment(`#${call.id}${remark(answer)}`)}`];
}

function remark(answer: RecordedAnswer | null): string {
  if (answer === null || Object.keys(answer).length === 0) return '';
  const { errno, ...rest } = answer;
  const parts = [
    ...(errno === undefined ? [] : [errnoName(errno)]),
    ...Object.entries(rest).map(([key, value]) => `${key} ${JSON.stringify(value)}`),
  ];
  return `: ${parts.join(', ')}`;
}

function writeFlags(call: Call): string {
  const dsync = (call.flags & (CallFlag.DSYNC | CallFlag.SYNC)) !== 0 ? ' -V 1 -D' : '';
  const atomic = (call.flags & CallFlag.ATOMIC) !== 0 ? ' -V 1 -A' : '';
  return dsync + atomic;
}

/** One byte that stands for the data: never zero, and different for different tags. */
function byteOf(data: Data): string {
  const value =
    typeof data === 'number' ? data : 'byte' in data ? data.byte : 'case' in data ? data.case : 1 + (data.fsx % 255);
  return `0x${(value % 256).toString(16).padStart(2, '0')}`;
}

function fileWord(files: readonly string[], file: FileId): string {
  return shellWord(plainPath(files[file] ?? ''));
}
