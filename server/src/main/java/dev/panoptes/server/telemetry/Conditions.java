package dev.panoptes.server.telemetry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What rows must fulfil, with the parameters of it, in order. For one thread. */
final class Conditions {
    private final List<String> conditions = new ArrayList<>();
    private final List<@Nullable Object> parameters = new ArrayList<>();

    /** @param condition SQL with a place for the parameter; more of them follow by {@link #and(Object)} */
    Conditions add(String condition, Object parameter) {
        conditions.add(condition);
        parameters.add(parameter);
        return this;
    }

    Conditions and(Object parameter) {
        parameters.add(parameter);
        return this;
    }

    /** The parameters of others, which stand further on in the statement. */
    Conditions and(Conditions others) {
        parameters.addAll(others.parameters);
        return this;
    }

    String all() {
        return conditions.isEmpty() ? "true" : String.join(" AND ", conditions);
    }

    @Nullable
    Object[] parameters() {
        return parameters.toArray();
    }
}
