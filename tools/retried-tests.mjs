/** Names the tests that Vitest passed only at a second try, which its own report leaves out. */
export default class RetriedTests {
  #names = [];

  onTestCaseResult(test) {
    const { retryCount, flaky } = test.diagnostic() ?? {};
    if (flaky && retryCount > 0) this.#names.push(`${test.module.relativeModuleId} › ${test.fullName}`);
  }

  onTestRunEnd() {
    for (const name of this.#names) console.log(`needed a second try: ${name}`);
  }
}
