package dev.panoptes.sensors.live;

import dev.panoptes.sensors.Cycle;
import dev.panoptes.sensors.Watch;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Several sources of one sensor. One that fails does not keep the others from being looked at. */
public final class Watches implements Watch {
    private final List<Watch> all;

    public Watches(List<Watch> all) {
        this.all = List.copyOf(all);
    }

    @Override
    public void collect(Cycle cycle) throws IOException, InterruptedException {
        IOException first = null;
        for (Watch watch : all) {
            try {
                watch.collect(cycle);
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    @Override
    public @Nullable String degraded() {
        String all =
                this.all.stream().map(Watch::degraded).filter(Objects::nonNull).collect(Collectors.joining("; "));
        return all.isEmpty() ? null : all;
    }

    @Override
    public void close() {
        all.forEach(Watch::close);
    }
}
