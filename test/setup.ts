// The built-in template validation costs over a second per test file; one test file turns it on again and is strict.
process.env.CDK_VALIDATION ??= 'false';
