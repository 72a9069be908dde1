import type { Command } from 'commander';
import type { CliContext, CommonFlags } from '../cli.context.js';

/** Runs a command's work; returns its exit code. */
export type CommandWork<Flags> = (context: CliContext, flags: Flags, args: readonly string[]) => Promise<number>;

/** Hands a command's work to whoever makes contexts and shows errors. */
export type Runner = <Flags extends CommonFlags>(work: CommandWork<Flags>) => (...args: unknown[]) => Promise<void>;

export interface CliCommand {
  register(program: Command, run: Runner): void;
}

/** Everything local belongs to one tenant. */
export const LOCAL_TENANT = 'default';
export const DEFAULT_COLLECTION = 'main';
