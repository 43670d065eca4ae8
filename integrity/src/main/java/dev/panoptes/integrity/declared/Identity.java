package dev.panoptes.integrity.declared;

import dev.panoptes.code.Program;
import dev.panoptes.code.ReportedName;

/** What a directory's agent says that it is. */
public sealed interface Identity {
    record Known(ReportedName name, Program program) implements Identity {}

    /** It has no health endpoint that reports a name. */
    record None() implements Identity {}

    /** @param reason one sentence */
    record Unclear(String reason) implements Identity {}
}
