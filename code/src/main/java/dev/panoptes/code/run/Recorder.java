package dev.panoptes.code.run;

import dev.panoptes.code.PortValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a run was seen to do. */
final class Recorder {
    final List<Bound> binds = new ArrayList<>();
    private final Store routes;
    private final Store mounts;
    /** The rows of the tables that said what a call does, by their calls. */
    final Set<String> used = new HashSet<>();

    /** @param journal forgets what was registered on a way that is not taken */
    Recorder(Journal journal) {
        this.routes = new Store(journal);
        this.mounts = new Store(journal);
    }

    /** @param open an option of the command line may name another port */
    record Bound(PortValue port, @Nullable String address, Site site, boolean onImport, boolean open) {}

    /** @param owner the application or router it is registered on; null where unknown */
    record Route(@Nullable Value owner, String path, Value handler, Site site) {}

    /** {@code inner} is served below {@code prefix} of {@code outer}. */
    record Mount(Value outer, Value inner, String prefix) {}

    void bind(Bound bound) {
        binds.removeIf(known -> known.port().equals(bound.port())
                && known.site().module().equals(bound.site().module())
                && known.site().start() == bound.site().start());
        binds.add(bound);
    }

    void route(Route route) {
        routes.put(route, Value.NOTHING);
    }

    void mount(Mount mount) {
        mounts.put(mount, Value.NOTHING);
    }

    List<Route> routes() {
        return routes.keys().stream().map(Route.class::cast).toList();
    }

    List<Mount> mounts() {
        return mounts.keys().stream().map(Mount.class::cast).toList();
    }
}
