// jasmine, whose globals have to be there before the tests are read.
import { installGlobals, jasmine } from 'jasmine-core';
import type { Outcome } from '../outcome.ts';

installGlobals();
const environment = jasmine.getEnv();
environment.configure({ random: false, forbidDuplicateNames: false });

/** Runs all that has been described. What fails outside of any test, in a suite's set-up say, is an outcome too. */
export async function runTests(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  environment.addReporter({
    specDone: ({ fullName, status, failedExpectations }) =>
      void outcomes.push({ name: fullName, status, message: failedExpectations[0]?.message ?? '' }),
    suiteDone: (suite) => void outcomes.push(...failuresOutside(suite.fullName, suite)),
    jasmineDone: (run) => void outcomes.push(...failuresOutside('the whole suite', run)),
  });
  await environment.execute();
  return outcomes;
}

function failuresOutside(name: string, { failedExpectations }: jasmine.Done): Outcome[] {
  return failedExpectations.map(({ message }) => ({ name, status: 'failed', message }));
}
