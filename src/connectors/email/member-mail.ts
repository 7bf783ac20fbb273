import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { failureOf, serverOf } from './mail-gateway.ts';
