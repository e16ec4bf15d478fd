/**
 * A private copy of the built package with some sources of `impl/` changed, in a folder of its own, so that the mutant is
 * tested by exactly what users run. What was built is copied (Node resolves modules from where files really are, so links
 * would lead back to the original); dependencies and data are linked. Works in a checkout and where the package is
 * installed.
 */
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the package this program belongs to. */
export const PACKAGE_ROOT: string = fileURLToPath(new URL('../../../', import.meta.url));

/** A copy, until it is disposed of. */
export interface PrivateCopy {
  /** Its folder. */
  readonly root: string;
  /** The command line of the copy, to be run by Node. */
  readonly main: string;
  /** The built files that differ from the original. */
  readonly changed: readonly string[];
  dispose(): void;
}

interface Manifest {
  readonly files: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Copies the package and puts `modules` (JavaScript by path of its TypeScript source) in place. `only`: copies that room
 * of what was built and links the others, so that for Node they are the originals.
 */
export function copyPackage(modules: ReadonlyMap<string, string>, only: string | null = null): PrivateCopy {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'iomap-check-'));
  const manifest = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as Manifest;
  cpSync(join(PACKAGE_ROOT, 'package.json'), join(root, 'package.json'));
  const built = join(PACKAGE_ROOT, 'dist');
  mkdirSync(join(root, 'dist'));
  for (const room of readdirSync(built)) {
    if (only !== null && room !== only) symlinkSync(join(built, room), join(root, 'dist', room));
    else cpSync(join(built, room), join(root, 'dist', room), { recursive: true, filter: isNeeded });
  }
  for (const name of dataFolders(manifest)) symlinkSync(join(PACKAGE_ROOT, name), join(root, name));
  for (const name of Object.keys(manifest.dependencies)) linkDependency(name, root);
  const changed: string[] = [];
  for (const [source, javascript] of modules) {
    const path = join(root, 'dist', source.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, javascript);
    changed.push(path);
  }
  return {
    root,
    main: join(root, 'dist', 'harness', 'cli', 'main.js'),
    changed,
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}

function isNeeded(path: string): boolean {
  return !/\.(d\.ts|map|tsbuildinfo)$|\.test\.js$/.test(path);
}

/** What the package ships beside its code: schemas, traces … */
function dataFolders({ files }: Manifest): readonly string[] {
  const names = files.filter(name => !name.startsWith('!')).map(name => name.split('/')[0]!);
  return [...new Set(names)].filter(name => name !== 'dist' && existsSync(join(PACKAGE_ROOT, name)));
}

/** Links a dependency into `root` from where Node would find it for the original: any `node_modules` from the package upwards. */
export function linkDependency(name: string, root: string): void {
  for (let folder = PACKAGE_ROOT; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(found) && lstatSync(realpathSync(found)).isDirectory()) {
      const link = join(root, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(realpathSync(found), link, 'dir');
      return;
    }
    if (folder === dirname(folder)) return;
  }
}
