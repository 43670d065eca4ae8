package dev.panoptes.integrity.observed;

/** Answers that say nothing of the agent, because an observer has no credentials for it. */
final class Refusals {
    private Refusals() {}

    /** RFC 9110 sections 15.5.2, 15.5.4 and 15.5.8. */
    static boolean ofStrangers(HttpAnswer answer) {
        return answer instanceof HttpAnswer.Whole whole
                && (whole.status() == 401 || whole.status() == 403 || whole.status() == 407);
    }
}
