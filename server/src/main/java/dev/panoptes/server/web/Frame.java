package dev.panoptes.server.web;

import dev.panoptes.server.http.Principal;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Role;
import dev.panoptes.server.web.view.Caller;
import dev.panoptes.server.web.view.Links;
import dev.panoptes.server.web.view.Shell;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts pages into what stands around every one of them. */
final class Frame {
    private final Templates templates = new Templates();
    private final ShellStore store;
    private final FleetModel fleet;
    private final Links links;
    private final Reached reached;
    private final String version;
    private final InstantSource clock;
    private final Kept<Instant, Shell.Counts> counts;

    Frame(ShellStore store, FleetModel fleet, Links links, Reached reached, String version, InstantSource clock) {
        this.store = store;
        this.fleet = fleet;
        this.links = links;
        this.reached = reached;
        this.version = version;
        this.clock = clock;
        this.counts = new Kept<>(fleet::position, 1);
    }

    InstantSource clock() {
        return clock;
    }

    Links links() {
        return links;
    }

    /** Under which URL whoever asks reaches this server. */
    String url(Request request) {
        return reached.url(request);
    }

    String version() {
        return version;
    }

    /** For somebody who was let in. @param current the place in the navigation */
    Shell shell(Request request, String title, String current) throws InterruptedException {
        FleetModel.Fleet seen = fleet.now();
        Instant scanned = seen.scanned() == null ? Instant.EPOCH : seen.scanned();
        return new Shell(
                title,
                current,
                caller(request.caller()),
                counts.get(scanned, () -> store.counts(seen)),
                version,
                links,
                clock.instant());
    }

    /** For anybody, and where the database may be away. */
    Shell bare(String title, String current) {
        return new Shell(title, current, Caller.NOBODY, null, version, links, clock.instant());
    }

    /** For a person with a session who is not let in any further yet. */
    Shell door(Request request, String title) {
        return new Shell(title, "", caller(request.caller()), null, version, links, clock.instant());
    }

    Response page(Shell shell, String template, Map<String, Object> values) {
        return page(200, shell, template, values);
    }

    Response page(int status, Shell shell, String template, Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("shell", shell);
        return templates.page(status, template, all);
    }

    /** A piece of a page. */
    String text(String template, Map<String, Object> values) {
        return templates.text(template, values);
    }

    static Caller caller(Principal principal) {
        return switch (principal) {
            case Principal.Person person ->
                caller(person.name(), person.role(), person.csrfToken(), person.hasPassword());
            case Principal.Anonymous() -> new Caller("anonymous", "reads only", null, false, false, false);
            case Principal.Token token -> caller(token.name(), token.role(), null, false);
            case Principal.Local local -> caller(local.name(), local.role(), null, false);
            case Principal.Observer _, Principal.Agent _, Principal.Claimed _, Principal.Enrollee _ -> Caller.NOBODY;
        };
    }

    private static Caller caller(String name, Role role, @Nullable String csrf, boolean hasPassword) {
        return new Caller(name, role.id(), csrf, hasPassword, role.atLeast(Role.OPERATOR), role.atLeast(Role.ADMIN));
    }
}
