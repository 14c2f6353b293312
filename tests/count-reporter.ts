import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output with one line that any CI can read. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (state: string): number => states.filter((one) => one === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length;
    // After the summary of the default reporter, which is printed by the same event and tells what was skipped.
    setImmediate(() =>
      process.stdout.write(`${count('passed')} passed, ${count('failed') + broken} failed\n`),
    );
  }
}
