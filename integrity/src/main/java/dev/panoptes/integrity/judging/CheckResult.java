package dev.panoptes.integrity.judging;

/** The three answers of a check about one subject. "Could not look" is never a pass and never a fail. */
public sealed interface CheckResult {
    /** What was judged: a port, a directory, else an agent's key. */
    String subject();

    record Pass(String subject) implements CheckResult {}

    record Fail(Failure failure) implements CheckResult {
        @Override
        public String subject() {
            return failure.subject();
        }
    }

    /** @param reason one sentence that says what could not be seen and why; similar reasons use the same words */
    record Unknown(String subject, String reason) implements CheckResult {}
}
