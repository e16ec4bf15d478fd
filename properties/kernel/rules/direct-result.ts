/**
 * DIO-38, DIO-45, DIO-46, INV-51: a request returns an errno or the bytes it transferred: what its iteration advanced,
 * for a read cut at the size of the file, plus what was done before.
 */
import type { KernelRule } from '../rule.js';
import { bytes } from '../text.js';

export const directResult: KernelRule = {
  id: 'K-DIO-RESULT',
  sentence: 'A direct request returns an error, or exactly what it transferred.',
  sources: ['DIO-35', 'DIO-38', 'DIO-45', 'DIO-46', 'INV-36', 'INV-51'],
  exercised: 'a direct request completed',
  lines: 2,
  watch(world, judge) {
    return {
      dioComplete(event) {
        const { request } = world;
        const { error, ret } = event;
        const about = [request?.begin, request?.lastMapping, request?.endIo] as const;
        const refuse = (why: string): undefined => judge.broken(event, why, ...about);
        if (error > 0) return refuse(`the error ${error} is none`);
        if (error < 0) return ret < 0 ? judge.held() : refuse(`it failed with ${error} and returned ${ret}`);
        if (request === null) return judge.undecided();
        const { begin, progress, write } = request;
        const moved = ret - (ret > 0 ? begin.doneBefore : 0);
        if (ret > 0 && event.offset !== begin.offset + moved) {
          return refuse(`${bytes(moved)} from ${begin.offset} do not end at ${event.offset}`);
        }
        if (ret < 0) return judge.held();
        if (moved > begin.length) return refuse(`${bytes(moved)} of a request of ${bytes(begin.length)}`);
        if (moved > progress) return refuse(`${bytes(moved)}, where ${bytes(progress)} were mapped`);
        if (request.delayed !== null) return refuse('it met delayed space and did not fail');
        if (write)
          return moved === progress ? judge.held() : refuse(`${bytes(moved)}, where ${bytes(progress)} were submitted`);
        // The size was sampled when the request began; another task may have moved it around that instant.
        const low = Math.min(begin.size, event.size);
        const high = Math.max(begin.size, event.size);
        const cut = (size: number): number => Math.max(0, Math.min(progress, size - begin.offset));
        if (moved < cut(low) || moved > cut(high))
          return refuse(`${bytes(moved)}, where ${bytes(cut(low))} lie before the end of the file`);
        return judge.held();
      },
    };
  },
};
