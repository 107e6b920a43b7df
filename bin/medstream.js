#!/usr/bin/env node
'use strict';
// The `medstream` command. Compiles the TypeScript once when there is no build yet (a fresh `npm ci`), then hands over.
const { existsSync } = require('node:fs');
const { execFileSync } = require('node:child_process');
const path = require('node:path');

const root = path.join(__dirname, '..');
const main = path.join(root, 'dist', 'cli', 'main.js');

// Node 22 and later keep what they compiled of the modules from one command to the next.
require('node:module').enableCompileCache?.();

// DuckDB's queries run on libuv's pool; its default of 4 threads lets one long query starve the rest.
process.env.UV_THREADPOOL_SIZE ??= '16';

// Until a verb listens to signals itself (cli/frame.ts) there is nothing to finish: 4 = stopped by a signal.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(4));

if (!existsSync(main)) {
  process.stderr.write('Building MedStream (first run only)…\n');
  const tsc = require.resolve('typescript/package.json', { paths: [root] });
  execFileSync(process.execPath, [path.join(path.dirname(tsc), 'bin', 'tsc'), '-p', root], { stdio: ['ignore', 2, 2] });
}
require(main);
