/** Ctrl-C (and SIGTERM) during a long command: it is heard at once, and says so. */
import type { Console } from './command.js';
import { Exit } from './exit.js';

export class Interrupts {
  /** How often the user wanted it to end: once, it ends soon; twice, at once, with what there is. */
  times = 0;
  private readonly hear: () => void;

  /** `soon`: what goes on after the first. `first` is called then. */
  constructor({ err }: Console, soon: string, first: () => void = () => {}) {
    this.hear = () => {
      this.times++;
      if (this.times > 2) process.exit(Exit.interrupted);
      // What is drawn ends before anything is said: its end takes its line with it.
      if (this.times === 1) first();
      err.write(this.times === 1 ? `interrupted; ${soon} …\n` : 'interrupted again; ending at once …\n');
    };
    process.on('SIGINT', this.hear);
    process.on('SIGTERM', this.hear);
  }

  /** Signals end the process again, as they do by default. */
  stop(): void {
    process.removeListener('SIGINT', this.hear);
    process.removeListener('SIGTERM', this.hear);
  }
}
