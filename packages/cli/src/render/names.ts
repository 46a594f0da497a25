import type { LocalKms } from '@cdk-keysmith/local-kms';

/** What people call the things whose ARNs are in events. */
export interface Names {
  ofPrincipal(arn: string): string;
  /** A key by its alias, or else by its construct path; an alias by its name. */
  ofResource(arn: string): string;
}

/** Names as they are at the moment of each question: a program may create keys and aliases while it runs. */
export function namesOf(kms: Pick<LocalKms, 'keys' | 'aliases' | 'principals'>): Names {
  return {
    ofPrincipal: (arn) => {
      const known = kms.principals().filter((principal) => principal.arn === arn);
      // A role that a function runs as is known by the function, as in every list; containers of a task share theirs.
      const [shown] = ['function', 'role', 'user'].flatMap((wanted) => known.filter(({ type }) => type === wanted));
      return shown?.name ?? arn;
    },
    ofResource: (arn) => {
      const alias = kms.aliases().find((one) => one.arn === arn || one.keyArn === arn);
      return alias?.name ?? kms.keys().find((key) => key.arn === arn)?.constructPath ?? arn;
    },
  };
}
