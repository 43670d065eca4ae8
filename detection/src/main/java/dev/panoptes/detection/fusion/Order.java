package dev.panoptes.detection.fusion;

import java.util.Comparator;

/** Orders that do not depend on how things came. */
final class Order {
    static final Comparator<Hit> HITS = Comparator.comparing(Hit::first)
            .thenComparing(Hit::event)
            .thenComparing(Hit::name)
            .thenComparing(Hit::rule)
            .thenComparing(Hit::host)
            .thenComparing(hit -> hit.entities().toString());

    /** {@code auth.log:9} before {@code auth.log:10}. */
    static final Comparator<String> EVENTS =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private Order() {}
}
