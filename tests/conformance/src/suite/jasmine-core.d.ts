declare module 'jasmine-core' {
  export namespace jasmine {
    interface Done {
      readonly failedExpectations: readonly { readonly message: string }[];
    }

    interface SpecDone extends Done {
      readonly fullName: string;
      readonly status: 'passed' | 'failed' | 'pending';
    }

    interface Reporter {
      specDone(result: SpecDone): void;
      suiteDone(result: Done & { readonly fullName: string }): void;
      jasmineDone(result: Done): void;
    }

    interface Env {
      configure(configuration: { random: boolean; forbidDuplicateNames: boolean }): void;
      addReporter(reporter: Reporter): void;
      execute(): Promise<unknown>;
    }

    function getEnv(): Env;
  }

  export function installGlobals(): void;
}
