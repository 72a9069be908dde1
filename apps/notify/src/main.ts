// Webhook delivery has its place here and is not written yet: the program says so and fails, so that nobody who
// deploys it believes that events leave.
process.stderr.write('notify does not deliver events yet.\nLeave it out of the deployment.\n');
process.exitCode = 69; // EX_UNAVAILABLE of sysexits.h
