// Prints `N passed, N failed, N skipped` from vitest's JSON report; exits with 1 unless every test that ran passed.
// A file that could not be loaded has no tests to count and counts as one failure, and so does a missing report.
import { readFileSync } from 'node:fs';

function count(path) {
  try {
    const {
      numPassedTests: passed,
      numFailedTests,
      numPendingTests,
      numTodoTests,
      ...rest
    } = JSON.parse(readFileSync(path, 'utf8'));
    const unloaded = rest.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
    return { passed, failed: numFailedTests + unloaded.length, skipped: numPendingTests + numTodoTests };
  } catch (error) {
    console.error(`The test report cannot be read: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const { passed, failed, skipped } = count(process.argv[2]);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
