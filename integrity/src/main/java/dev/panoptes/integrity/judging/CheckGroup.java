package dev.panoptes.integrity.judging;

import java.util.Locale;
import java.util.Optional;

/** What a check looks at; the names that {@code --only}, {@code --skip} and {@code --allow-unknown} take. */
public enum CheckGroup {
    REGISTRY,
    CODE,
    COMPOSE,
    DOCKERFILE,
    SYSTEMD,
    /** Kubernetes: manifests, and the cluster that they are applied to. */
    KUBERNETES,
    HOST,
    PROBE,
    ENROLLED;

    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<CheckGroup> of(String id) {
        for (CheckGroup group : values()) {
            if (group.id().equals(id)) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }
}
