import type { Reading } from '../../domain/language/utterance.ts';
import type { Tool } from '../../tools/define-tool.ts';

/** A reading, and whose it is. */
export interface ToolReading extends Reading {
  tool: Tool;
}
