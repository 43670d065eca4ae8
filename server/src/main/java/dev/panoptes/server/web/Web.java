package dev.panoptes.server.web;

import dev.panoptes.server.auth.Users;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.http.Pages;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.oidc.OidcLogins;
import dev.panoptes.server.scans.ScanService;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pages for people: makes them over the calls that there are. */
public final class Web {
    private final Pages pages;
    private final List<Resource> resources;

    private Web(Pages pages, List<Resource> resources) {
        this.pages = pages;
        this.resources = List.copyOf(resources);
    }

    /** @param calls of the API, which pages show the answers of @param oidc null: by password only @param tls whether cookies may travel over TLS only */
    public static Web over(
            List<Resource> calls,
            Database database,
            Telemetry telemetry,
            ScanService scans,
            Users users,
            @Nullable OidcLogins oidc,
            InstantSource clock,
            Configuration configuration,
            String version,
            boolean tls) {
        StaticFiles files = new StaticFiles();
        FleetModel fleet =
                new FleetModel(scans, new FleetStore(database), configuration.get(Settings.AGENT_LOST_AFTER), clock);
        Frame frame = new Frame(
                new ShellStore(database),
                fleet,
                files.links(),
                new Reached(configuration.find(Settings.SERVER_URL).orElse(null), tls),
                version,
                clock);
        InternalCalls inside = new InternalCalls(calls);
        CommandPage command = new CommandPage(
                frame, inside, new CommandStore(database), new LoomStore(database, telemetry, clock), fleet, scans);
        LoginForm login = new LoginForm(frame, oidc, tls);
        List<Resource> byProvider = oidc == null ? List.of() : List.of(new OidcPages(oidc, login, tls));
        return new Web(
                new StatusPages(frame, command, scans),
                Stream.concat(
                                byProvider.stream(),
                                Stream.<Resource>of(
                                        files,
                                        new SessionPages(users, frame, login, oidc, tls),
                                        new ApiPages(frame, inside),
                                        new IntegrityPages(frame, inside, new IntegrityStore(database), fleet, scans),
                                        new FleetPages(frame, fleet),
                                        new AgentPages(frame, inside, fleet, new AgentPageStore(database)),
                                        new HostPages(frame, inside, fleet, new HostPageStore(database)),
                                        new SettingsPages(frame, inside, oidc != null),
                                        new DetectionPages(frame, inside),
                                        new RulePages(frame, inside),
                                        new EventPages(frame, inside),
                                        new TicketPages(frame, inside),
                                        new FindResource(fleet, inside),
                                        new Exports(inside, fleet, scans)))
                        .toList());
    }

    /** Pages that stand in for calls. */
    public Pages pages() {
        return pages;
    }

    /** Pages with paths of their own. */
    public List<Resource> resources() {
        return resources;
    }
}
