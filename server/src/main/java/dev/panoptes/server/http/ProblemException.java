package dev.panoptes.server.http;

/** Carries a {@link Problem} out of the reading of a request. Resources answer with it; nothing below them throws it. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
