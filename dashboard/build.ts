import { cpSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** Bundles the page to self-contained static files beside the compiled server; a step of `npm run build`. */
const source = path.join(__dirname, '..', '..', 'dashboard', 'page');
const target = path.join(__dirname, 'page');

async function buildPage(): Promise<void> {
  await build({
    entryPoints: ['app.tsx', 'theme.ts', 'app.css'].map((name) => path.join(source, name)),
    outdir: target,
    bundle: true,
    minify: true,
    format: 'iife',
    target: ['chrome123', 'firefox120', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.woff2': 'file' },
    assetNames: '[name]',
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'icon.svg']) cpSync(path.join(source, name), path.join(target, name));
}

void buildPage().catch(() => {
  process.exitCode = 1;
});
