/** What the suites print begins with this; everything else in the log is the editor talking to itself. */
export const TEST_OUTPUT = 'suite: ';
