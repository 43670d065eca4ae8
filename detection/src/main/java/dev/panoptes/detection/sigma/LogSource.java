package dev.panoptes.detection.sigma;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a rule's events come from. What is null may be anything; at least one is named. */
public record LogSource(
        @Nullable String product,
        @Nullable String category,
        @Nullable String service) {
    /** True where an event of the other source may be one of this. */
    boolean covers(LogSource event) {
        return (product == null || event.product == null || product.equals(event.product))
                && (category == null || category.equals(event.category))
                && (service == null || service.equals(event.service));
    }

    /** True where some event may belong to both. */
    boolean meets(LogSource other) {
        return agree(product, other.product) && agree(category, other.category) && agree(service, other.service);
    }

    private static boolean agree(@Nullable String one, @Nullable String other) {
        return one == null || other == null || one.equals(other);
    }

    /** For example {@code linux/process_creation}. */
    public String text() {
        return Stream.of(product, category, service)
                .filter(part -> part != null)
                .collect(Collectors.joining("/"));
    }
}
