#!/usr/bin/env node
import { runCli } from '../dist/cli/main.js';

/** After its work, something that still holds the process open gets this long. */
const lingerMilliseconds = 3000;

process.exitCode = await runCli(process.argv.slice(2));
setTimeout(() => process.exit(), lingerMilliseconds).unref();
