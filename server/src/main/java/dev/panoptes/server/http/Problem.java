package dev.panoptes.server.http;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A refusal, as RFC 9457 has it. Its texts are written for the caller: no stack trace, no SQL, no path of ours.
 *
 * @param errors what is wrong with the body, each with its JSON pointer (RFC 6901); usually empty
 * @param retryAfter null where another try would end the same way
 */
public record Problem(
        ErrorCode code,
        String detail,
        List<FieldError> errors,
        @Nullable Duration retryAfter) {
    public Problem {
        errors = List.copyOf(errors);
    }

    /** @param pointer RFC 6901; empty for the whole body */
    public record FieldError(String pointer, String detail) {}

    public static Problem of(ErrorCode code, String detail) {
        return new Problem(code, detail, List.of(), null);
    }

    public static Problem later(ErrorCode code, String detail, Duration retryAfter) {
        return new Problem(code, detail, List.of(), retryAfter);
    }

    public static Problem notFound(String what) {
        return of(ErrorCode.NOT_FOUND, what);
    }

    public ProblemException exception() {
        return new ProblemException(this);
    }
}
