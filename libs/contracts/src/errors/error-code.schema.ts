import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from './error-codes.js';

export const errorCodeSchema = z.custom<ErrorCode>((value) => typeof value === 'string' && value in ERROR_CODES);
