import { ensureBuild, ensurePackages, requireNode } from './build.mjs';

requireNode();
ensurePackages();
ensureBuild();
