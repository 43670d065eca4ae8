package dev.panoptes.integrity.world;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What is derived of one {@link World}: an index over ten thousand agents is made once, not by every check that looks into it. */
public final class Derived {
    private final Map<Class<?>, Object> made = new ConcurrentHashMap<>();

    <T> T get(Class<T> type, Supplier<T> derivation) {
        return type.cast(made.computeIfAbsent(type, unused -> derivation.get()));
    }
}
