package dev.panoptes.server.issues;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.issue.Issue;

/** Text that PostgreSQL takes: it has neither NUL nor half of a surrogate pair. Both become U+FFFD. */
final class StorableText {
    private static final char REPLACEMENT = '\ufffd';

    private StorableText() {}

    static Issue of(Issue issue) {
        String cause = issue.cause();
        return new Issue(
                of(issue.id()),
                issue.check(),
                issue.category(),
                issue.severity(),
                of(issue.title()),
                of(issue.description()),
                issue.affected().stream().map(StorableText::of).toList(),
                of(issue.recommendation()),
                issue.evidence().stream().map(StorableText::of).toList(),
                issue.fingerprint(),
                of(issue.host()),
                issue.port(),
                issue.detectedAt(),
                issue.firstSeen(),
                issue.state(),
                issue.waiver(),
                cause == null ? null : of(cause));
    }

    private static Evidence of(Evidence evidence) {
        String file = evidence.file();
        return new Evidence(evidence.source(), file == null ? null : of(file), evidence.line(), of(evidence.text()));
    }

    static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return cleaned(text);
            }
        }
        return text;
    }

    private static String cleaned(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                clean.append(c).append(text.charAt(++i));
            } else {
                clean.append(c == 0 || Character.isSurrogate(c) ? REPLACEMENT : c);
            }
        }
        return clean.toString();
    }
}
