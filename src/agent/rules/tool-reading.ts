import type { Reading } from '../../domain/language/utterance.ts';
import type { Tool } from '../../tools/define-tool.ts';

/** A tool's reading of a message, with the tool. */
export interface ToolReading extends Reading {
  tool: Tool;
}
