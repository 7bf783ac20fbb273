import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PreviousCall } from '../../../src/domain/language/utterance.ts';
import type { Json } from '../../../src/domain/types.ts';
import { openStore } from '../../../src/store/open-store.ts';
import explainChange from '../../../src/tools/metrics/explain-change.ts';
import queryMetric from '../../../src/tools/metrics/query-metric.ts';
import { bestReading, heard } from '../reading.ts';
