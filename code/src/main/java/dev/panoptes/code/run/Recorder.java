package dev.panoptes.code.run;

import dev.panoptes.code.PortValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a run was seen to do. */
final class Recorder {
    private final List<Bound> binds = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final List<Mount> mounts = new ArrayList<>();
    private final Set<Value> applications = new LinkedHashSet<>();

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
        routes.add(route);
    }

    void mount(Mount mount) {
        mounts.add(mount);
    }

    void application(Value application) {
        applications.add(application);
    }

    List<Bound> binds() {
        return binds;
    }

    List<Route> routes() {
        return routes;
    }

    List<Mount> mounts() {
        return mounts;
    }

    Set<Value> applications() {
        return applications;
    }

    /** Forgets the binds from one number on to another. */
    void drop(int from, int to) {
        binds.subList(from, to).clear();
    }
}
