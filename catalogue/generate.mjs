// @ts-check
import { mkdirSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildCatalogue } from './generator/build.mjs';

/**
 * Writes catalogue/output from the reference packages and the facts beside this file. Ids of the last output are kept.
 *   node catalogue/generate.mjs           write
 *   node catalogue/generate.mjs --check   write nothing; exit 1 if the output would change
 * With `--output FOLDER` another folder is read and written.
 */

const folder = import.meta.dirname;
const { values: options } = parseArgs({
  options: { check: { type: 'boolean', default: false }, output: { type: 'string' } },
});
const outputFolder = options.output ?? path.join(folder, 'output');
const listedKeysMax = 10;
/** Numbering data or vendor examples name them, but nothing is known yet about what they require. */
const countriesWithoutRequirements = ['DK', 'SG'];

/** @param {string} name */
function readFacts(name) {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}

/** @returns {Map<string, string>} */
function readLastFiles() {
  if (!existsSync(outputFolder)) return new Map();
  const names = readdirSync(outputFolder);
  return new Map(names.map((name) => [name, readFileSync(path.join(outputFolder, name), 'utf8')]));
}

/** @param {import('./generator/build.mjs').Change[]} changes */
function reportChanges(changes) {
  for (const { kind, added, vanished } of changes) {
    console.log(`${kind}: ${String(added.length)} new, ${String(vanished.length)} vanished`);
    for (const key of vanished.slice(0, listedKeysMax)) console.log(`  vanished: ${key}`);
  }
}

/** @param {Map<string, string>} files */
function reportSizes(files) {
  for (const [name, text] of files) {
    const lines = text.split('\n').length - 2;
    const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(0)} kB`;
    const size = `${kilobytes(Buffer.byteLength(text))}, ${kilobytes(gzipSync(text).length)} gzipped`;
    console.log(`${name}: ${String(lines)} rows, ${size}`);
  }
}

const lastFiles = readLastFiles();
const { files, changes } = buildCatalogue({
  facts: {
    pins: readFacts('pins.json'),
    placeCorrections: readFacts('place-corrections.json'),
    britishRegions: readFacts('british-regions.json'),
    countriesWithoutRequirements,
    requirements: readFacts('requirements.json'),
    demoRanges: readFacts('demo-ranges.json'),
  },
  lastFiles,
});
reportChanges(changes);
if (options.check) {
  const stale = [...files].filter(([name, text]) => lastFiles.get(name) !== text).map(([name]) => name);
  if (stale.length > 0) console.error(`catalogue/output is out of date: ${stale.join(', ')}`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  mkdirSync(outputFolder, { recursive: true });
  for (const [name, text] of files) writeFileSync(path.join(outputFolder, name), text);
  reportSizes(files);
}
