/** What `npm pack` ships must run where it is unpacked, with its own dependencies and nothing of the checkout. */
import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { linkDependency, PACKAGE_ROOT } from '../bugs/private-copy.js';

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

test('the packed package runs elsewhere, and ships neither tests nor anything that needs a test dependency', t => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'pack-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const pack = ['pack', '--ignore-scripts', '--offline', '--json', '--pack-destination', folder];
  const output = execFileSync('npm', pack, { cwd: PACKAGE_ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const [packed] = JSON.parse(output) as [Packed];
  const paths = packed.files.map(file => file.path);
  t.deepEqual(
    paths.filter(path => /\.test\.|(^|\/)testing\/|test-runner/.test(path)),
    [],
  );

  const root = join(folder, 'node_modules', 'iomap-check');
  mkdirSync(root, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', root, '--strip-components=1']);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(manifest.dependencies)) linkDependency(name, folder);
  t.deepEqual(
    readdirSync(join(folder, 'node_modules'))
      .filter(name => name !== 'iomap-check')
      .sort(),
    Object.keys(manifest.dependencies).sort(),
  );

  const known = new Set([...Object.keys(manifest.dependencies), 'iomap-check']);
  const foreign = paths
    .filter(path => path.endsWith('.js'))
    .flatMap(path =>
      [
        ...readFileSync(join(root, path), 'utf8').matchAll(
          /^(?:import|export)[^'"]*from '((?:@[^/']+\/)?[^./'][^/']*)/gm,
        ),
      ]
        .map(found => found[1]!)
        .filter(name => !name.startsWith('node:') && !known.has(name))
        .map(name => `${path}: ${name}`),
    );
  t.deepEqual(foreign, []);

  const run = (...args: string[]): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, [join(root, manifest.bin['iomap-check'] ?? ''), ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  const help = run('--help');
  t.is(help.status, 0, help.stderr);
  t.regex(help.stdout, /Usage: iomap-check/);
  // It needs all that is shipped: diffs, sources to put them into, and traces.
  const verified = run('rules', '--verify', 'INV-20');
  t.is(verified.status, 0, verified.stderr);
});
