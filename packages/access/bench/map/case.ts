// One map in a process of its own: `case.ts KEYS ROLES STATEMENTS`.

import { accessMap, readTemplates } from '@cdk-keysmith/access';
import { generatedApp } from './app.ts';

const [keys = 0, roles = 0, statements = 0] = process.argv.slice(2).map(Number);
const assembly = readTemplates([generatedApp({ keys, roles, statements })]);
const start = performance.now();
const cpu = process.cpuUsage();
const map = accessMap(assembly);
const { user, system } = process.cpuUsage(cpu);
const [seconds, cpuSeconds] = [(performance.now() - start) / 1000, (user + system) / 1e6];
const pairs = map.keys.reduce((count, { rows }) => count + rows.length, 0);
console.log(JSON.stringify({ seconds, cpuSeconds, pairs, megabytes: process.resourceUsage().maxRSS / 1024 }));
