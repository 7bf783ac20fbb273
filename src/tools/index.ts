import findCustomer from './customers/find-customer.ts';
import type { Tool } from './define-tool.ts';

/** Every tool there is: one line a tool. */
export const tools: readonly Tool[] = [findCustomer];
