// Every fast check, one line each; the output of a check is shown only when it fails.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

const CHECKS = ['typecheck', 'lint', 'format:check', 'deps', 'dead', 'docs:check', 'released:check'];
// The type checker and the linter each want a core and about 1 GB.
const AT_ONCE = Math.min(2, availableParallelism());

function runScript(name) {
  const started = Date.now();
  return new Promise((resolve) => {
    const npm = process.env.npm_execpath;
    const [command, first] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
    const child = spawn(command, [...first, 'run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: String(error) }));
    child.once('close', (code) => resolve({ code, output: output.trim(), seconds: (Date.now() - started) / 1000 }));
  });
}

let failed = 0;
const waiting = [...CHECKS];
// Two checks compile what changed: done beforehand, they do not write dist/ at the same time. Both say what fails.
await runScript('build');
async function worker() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const { code, output, seconds = 0 } = await runScript(name);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
    if (code === 0) continue;
    failed += 1;
    console.log(`${output}\n→ npm run ${name}`);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, worker));
console.log(failed === 0 ? 'All checks passed.' : `${failed} of ${CHECKS.length} checks failed.`);
process.exitCode = failed === 0 ? 0 : 1;
