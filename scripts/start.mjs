import { requireNode } from './build.mjs';

requireNode();
await import('../dist/sandbox/supervisor.js');
