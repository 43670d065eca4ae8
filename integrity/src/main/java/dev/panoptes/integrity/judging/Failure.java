package dev.panoptes.integrity.judging;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.registry.DeclaredHost;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * What a check found wrong with one subject. The {@link Scanner} adds id, severity, fingerprint and time.
 *
 * @param subject stable over scans: no pid, no time, no container id. With check and host it is the issue's identity
 * @param affected in order of importance, never empty
 * @param host {@link DeclaredHost#LOCAL} or the host's name
 * @param port null where the issue is about no port
 */
public record Failure(
        String subject,
        String host,
        @Nullable Integer port,
        String title,
        String description,
        List<String> affected,
        String recommendation,
        List<Evidence> evidence) {
    public Failure {
        affected = List.copyOf(affected);
        evidence = List.copyOf(evidence);
    }

    public static Builder of(String subject) {
        return new Builder(subject);
    }

    /** Collects a failure; only {@link #fail} checks that it is whole. */
    public static final class Builder {
        private final String subject;
        private String host = DeclaredHost.LOCAL;
        private @Nullable Integer port;
        private String title = "";
        private String description = "";
        private String recommendation = "";
        private final SequencedSet<String> affected = new LinkedHashSet<>();
        private final List<Evidence> evidence = new ArrayList<>();

        private Builder(String subject) {
            this.subject = subject;
        }

        public Builder host(String value) {
            host = value;
            return this;
        }

        public Builder port(int value) {
            port = value;
            return this;
        }

        /** One line, no full stop. */
        public Builder title(String value) {
            title = value;
            return this;
        }

        /** What was found, in one to three sentences. */
        public Builder description(String value) {
            description = value;
            return this;
        }

        /** What to do, in the imperative. */
        public Builder recommend(String value) {
            recommendation = value;
            return this;
        }

        public Builder affected(String... values) {
            affected.addAll(List.of(values));
            return this;
        }

        public Builder affected(Iterable<String> values) {
            values.forEach(affected::add);
            return this;
        }

        public Builder evidence(Evidence value) {
            evidence.add(value);
            return this;
        }

        public Builder evidence(Iterable<Evidence> values) {
            values.forEach(evidence::add);
            return this;
        }

        public CheckResult.Fail fail() {
            if (title.isBlank() || description.isBlank() || recommendation.isBlank()) {
                throw new IllegalStateException(
                        "an issue about " + subject + " needs title, description and recommendation");
            }
            if (affected.isEmpty() || evidence.isEmpty()) {
                throw new IllegalStateException("an issue about " + subject + " needs what is affected and evidence");
            }
            return new CheckResult.Fail(new Failure(
                    subject,
                    host,
                    port,
                    title,
                    description,
                    List.copyOf(affected),
                    recommendation,
                    List.copyOf(evidence)));
        }
    }
}
