import { execFile } from 'node:child_process';

export interface CommandResult {
  /** Undefined when the program does not exist. */
  readonly code: number | undefined;
  readonly output: string;
}

/** What finding and installing a program needs of the machine; tests bring their own. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly run: (command: string, args: readonly string[]) => Promise<CommandResult>;
}

export const thisSystem: System = {
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  run: (command, args) =>
    new Promise((resolve) => {
      execFile(command, [...args], { maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
        const output = `${stdout}${stderr}`.trim();
        if (error === null) resolve({ code: 0, output });
        else
          resolve({ code: typeof error.code === 'number' ? error.code : undefined, output: output || error.message });
      });
    }),
};
