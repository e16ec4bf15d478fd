/**
 * The commands beside the recordings, run on the reference model: what a real kernel printed for seek and fiemap must be
 * permitted.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { Answer, DEFAULT_OPTIONS, KERNEL_GEOMETRY } from '../../model/contract/index.js';
import { createModel } from '../../model/files/index.js';
import { readCommands, seekMapOf } from './commands.js';

const directories = [
  new URL('../../../traces/corpus/ftrace/', import.meta.url),
  new URL('../../../../shared/captures/', import.meta.url),
].filter(existsSync);
const texts = new Map(
  directories.flatMap(directory =>
    readdirSync(directory)
      .filter(name => name.endsWith('.cmds') && name.startsWith('xfs'))
      .map(name => [name, readFileSync(new URL(name, directory), 'utf8')] as const),
  ),
);

for (const [name, text] of texts) {
  test(`the model permits what the kernel printed beside ${name}`, t => {
    const { files, steps } = readCommands(text);
    const blockSize = Number(/-b size=(\d+)/.exec(text)?.[1] ?? 4096);
    const deviceBlocks = Math.ceil((KERNEL_GEOMETRY.deviceBlocks * KERNEL_GEOMETRY.blockSize) / blockSize);
    const geometry = { ...KERNEL_GEOMETRY, blockSize, deviceBlocks };
    const model = createModel({ geometry, options: DEFAULT_OPTIONS, files: files.length, fs: 'xfs' });
    const answer = new Answer();
    const unknown = new Set<number>();
    let asked = 0;
    for (const step of steps) {
      for (const file of step.unknown) unknown.add(file);
      for (const call of step.calls) {
        if ('kind' in call) {
          if (unknown.has(call.file) || call.printed.length === 0) continue;
          asked++;
          const finding =
            call.kind === 'seek'
              ? model.judgeSeekMap(call.file, seekMapOf(call.printed, model.size(call.file)), false)
              : model.judgeLayout(call.file, call.printed);
          t.is(finding?.message, undefined, step.text);
        } else if (!unknown.has(call.file) && !unknown.has(call.fromFile)) {
          model.invoke(call);
          model.answer(call, answer);
          t.is(model.respond(call, answer)?.message, undefined, step.text);
        }
      }
    }
    t.true(asked > 0 || unknown.size > 0);
  });
}
