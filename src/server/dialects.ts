import { numex } from '../dialects/numex/index.js';
import { piopiy } from '../dialects/piopiy/index.js';
import { staffify } from '../dialects/staffify/index.js';
import { twochat } from '../dialects/twochat/index.js';
import { vobiz } from '../dialects/vobiz/index.js';
import type { Dialect } from '../http/dialect.js';

/** Every dialect that a server speaks: one line each. docs/adding-a-dialect.md says what belongs to one. */
export const dialects = (): readonly Dialect[] => [numex, twochat(), piopiy, staffify, vobiz];
