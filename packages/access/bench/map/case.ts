// One map in a process of its own: `case.ts KEYS ROLES STATEMENTS SPARE`.

import { accessMap, readTemplates } from '@cdk-keysmith/access';
import { generatedApp } from './app.ts';

const [keys = 0, roles = 0, statements = 0, spareKeys = 0] = process.argv.slice(2).map(Number);
const source = generatedApp({ keys, roles, statements, spareKeys });
const start = performance.now();
const cpu = process.cpuUsage();
const assembly = readTemplates([source]);
const loaded = process.cpuUsage(cpu);
const map = accessMap(assembly);
const all = process.cpuUsage(cpu);
const seconds = (performance.now() - start) / 1000;
const secondsOf = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1e6;
const rows = map.keys.reduce((count, one) => count + one.rows.length, 0);
const loadSeconds = secondsOf(loaded);
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ seconds, loadSeconds, mapSeconds: secondsOf(all) - loadSeconds, rows, megabytes }));
